/// The host scalars of a plan: rank-0 numbers computed in double from `step`, before each step.
package struct ScalarProgram: Hashable, Sendable {
  package init() {}
}
