import Testing
import WeftProvider

@Suite struct StringTests {
    private static func strings(_ elements: [String], _ shape: [Int]? = nil) -> Value {
        .strings(StringTensor(elements, shape: shape ?? [elements.count]))
    }

    private func run(_ opType: String, _ inputs: [Value], _ attributes: [String: Attribute] = [:]) throws
        -> StringTensor?
    {
        guard case .strings(let result)? = try CaseRunner().values(opType, inputs, attributes, outputs: 1)[0] else {
            return nil
        }
        return result
    }

    @Test func stringsAreJoinedWithBroadcasting() throws {
        let result = try run("StringConcat", [Self.strings(["a", "b"], [2, 1]), Self.strings(["x", "", "ü"])])
        #expect(result == StringTensor(["ax", "a", "aü", "bx", "b", "bü"], shape: [2, 3]))
    }

    @Test func stringsAreCutAtDelimitersAndWhiteSpace() throws {
        for (delimiter, limit, text, expected) in [
            (nil, nil, "  a  bc d ", ["a", "bc", "d"]), (nil, 1, "  a  bc d ", ["a", "bc d "]),
            (",", nil, "a,,b,", ["a", "", "b", ""]), ("--", 1, "x--y--z", ["x", "y--z"]), (",", nil, "", [""]),
        ] as [(String?, Int64?, String, [String])] {
            var attributes: [String: Attribute] = [:]
            if let delimiter { attributes["delimiter"] = .string(delimiter) }
            if let limit { attributes["maxsplit"] = .int(limit) }
            #expect(try run("StringSplit", [Self.strings([text])], attributes)?.elements == expected)
        }
    }

    @Test func shorterListsAreFilledUp() throws {
        let outputs = try CaseRunner().values("StringSplit", [Self.strings(["a b", "c"])], outputs: 2)
        guard case .strings(let parts)? = outputs[0] else { return #expect(Bool(false)) }
        #expect(parts == StringTensor(["a", "b", "c", ""], shape: [2, 2]))
        #expect(try outputs[1]?.tensor?.array(as: Int64.self) == [2, 1])
    }

    @Test func stopWordsLeaveAndCasesChange() throws {
        let x = Self.strings(["Monday", "tuesday", "monday"])
        let attributes: [String: Attribute] = [
            "stopwords": .strings(["monday"]), "case_change_action": .string("UPPER"),
        ]
        #expect(try run("StringNormalizer", [x], attributes)?.elements == ["TUESDAY"])
        let exact = attributes.merging(["is_case_sensitive": .int(1)]) { $1 }
        #expect(try run("StringNormalizer", [x], exact)?.elements == ["MONDAY", "TUESDAY"])
        #expect(try run("StringNormalizer", [Self.strings(["MONDAY"])], attributes)?.elements == [""])
    }
}
