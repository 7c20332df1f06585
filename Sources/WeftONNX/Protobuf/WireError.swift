/// What is wrong with the bytes of a protobuf message, and where.
package struct WireError: Error, Equatable, CustomStringConvertible {
    /// Bytes from the start of the file to the token that is at fault.
    package let offset: Int
    /// The messages round it, outermost first: `graph`, `node[12]`, `attribute[0]`.
    package var path: [String]
    package let problem: String

    package init(offset: Int, path: [String] = [], problem: String) {
        self.offset = offset
        self.path = path
        self.problem = problem
    }

    package var description: String {
        let place = path.isEmpty ? "" : " in " + path.joined(separator: ".")
        return "\(problem) at byte \(offset)\(place)"
    }

    /// The same error, seen from one message further out.
    func inside(_ field: StaticString, _ index: Int?) -> WireError {
        var outer = self
        outer.path.insert(index.map { "\(field)[\($0)]" } ?? "\(field)", at: 0)
        return outer
    }
}
