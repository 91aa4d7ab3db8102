// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Embedding",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "netc", path: "../..")],
  targets: [
    .executableTarget(name: "Embedding", dependencies: [.product(name: "NetcKit", package: "netc")])
  ]
)
