import CNetc

/// How many processors the process may use, at least one.
package var processorCount: Int { max(1, Int(netc_processors())) }
