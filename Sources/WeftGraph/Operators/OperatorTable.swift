/// Every operator that Weft knows, by domain and name.
package enum OperatorTable {
    /// One line an operator, sorted by name.
    package static let all: [Operator] = [
        .add,
        .identity,
        .shape,
    ]

    private static let byName: [String: Operator] = {
        var table: [String: Operator] = [:]
        for schema in all { table["\(schema.domain)|\(schema.name)"] = schema }
        return table
    }()

    package static func schema(_ opType: String, domain: String = "") -> Operator? { byName["\(domain)|\(opType)"] }
}
