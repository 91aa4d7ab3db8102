// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A library target of the compiler: its name is its folder, its dependencies the vocabulary and
/// earlier stages.
func stage(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: Target.Dependency..., exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: settings)
}

let package = Package(
  name: "netc",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "NetcKit", targets: ["NetcKit", "NetcCore"]),
    .executable(name: "netc", targets: ["netc"]),
  ],
  targets: [
    .target(name: "CNetc"),
    stage("NetcCore"),
    stage("NetcGraph", "NetcCore"),
    stage("NetcSyntax", "NetcCore"),
    .target(
      name: "NetcSemantics", dependencies: ["NetcCore", "NetcGraph", "NetcSyntax"],
      exclude: ["StandardLibrary/Sources"], swiftSettings: settings),
    stage("NetcTransform", "NetcCore", "NetcGraph"),
    stage("NetcRuntime", "NetcCore", "NetcGraph", "CNetc"),
    stage("NetcData", "NetcCore"),
    stage("NetcEmit", "NetcCore", "NetcGraph", "NetcSemantics"),
    stage(
      "NetcKit", "NetcCore", "NetcGraph", "NetcSyntax", "NetcSemantics", "NetcTransform",
      "NetcRuntime", "NetcData", "NetcEmit"),
    stage(
      "NetcCLI", "NetcKit", "NetcCore", "NetcGraph", "NetcSemantics", "NetcTransform",
      "NetcRuntime",
      "NetcData", "NetcEmit"),
    .executableTarget(name: "netc", dependencies: ["NetcCLI"], swiftSettings: settings),
    .executableTarget(
      name: "netc-dev", dependencies: ["NetcKit", "NetcCore", "NetcGraph", "NetcRuntime"],
      path: "Sources/netc-dev", swiftSettings: settings),
    tests("NetcCore"),
    tests("NetcGraph", "NetcCore"),
    tests("NetcSyntax", "NetcCore", exclude: ["Diagnostics", "Programs"]),
    tests(
      "NetcSemantics", "NetcCore", "NetcGraph", "NetcSyntax", "NetcTransform",
      exclude: ["Reference", "Diagnostics"]),
    tests("NetcTransform", "NetcCore", "NetcGraph"),
    tests("NetcRuntime", "NetcCore", "NetcGraph", "NetcTransform", "CNetc"),
    tests("NetcData", "NetcCore"),
    // malloc and its kind, counted; linked into tests alone.
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    tests("NetcKit", "NetcCore", "NetcGraph", "NetcSemantics", "NetcEmit", "CAllocationCounter"),
    tests("NetcCLI", "NetcCore", "NetcKit", exclude: ["Golden"]),
  ]
)
