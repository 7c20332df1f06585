import Testing
import WeftProvider

@testable import WeftONNX

private func read(_ name: String, _ type: ValueType?) throws -> (name: String, value: Value) {
    try TensorFile.read(Fixture.folder + name + ".pb", as: type)
}

private func floats(_ value: Value) throws -> [Float] { try #require(value.tensor).array() }

private let tensorType = ValueType.tensor(.float32, .unknown)

@Suite struct TensorFileTests {
    @Test func tensorsAreRead() throws {
        let (name, value) = try read("tensor", nil)
        #expect(name == "t")
        #expect(try floats(value) == [1, 2])
    }

    @Test func sequencesAreRead() throws {
        let (name, value) = try read("sequence", .sequence(tensorType))
        guard case .sequence(let values, let element) = value else {
            Issue.record("not a sequence")
            return
        }
        #expect(name == "s" && element == tensorType)
        #expect(try values.map(floats) == [[1, 2], [3]])
    }

    @Test func optionalsAreReadWithAndWithoutContent() throws {
        guard case .optional(let content?, _) = try read("optional", .optional(tensorType)).value,
            case .optional(nil, let wrapped) = try read("empty_optional", .optional(tensorType)).value
        else {
            Issue.record("not optionals")
            return
        }
        #expect(try floats(content) == [4])
        #expect(wrapped == tensorType)
    }

    @Test func mapsAreRead() throws {
        guard case .map(let keys, let values) = try read("map", .map(key: .int64, value: tensorType)).value else {
            Issue.record("not a map")
            return
        }
        #expect(try keys.tensor?.array() == [Int64(7), 9])
        #expect(try values.map(floats) == [[1], [2]])
    }

    @Test func theWrongKindOfFileIsAnError() {
        #expect(throws: WeftError.self) { try read("map", nil) }
        #expect(throws: WeftError.self) { try read("missing", nil) }
    }

    @Test func everyKindOfValueIsReadBackAsItWasWritten() throws {
        let tensor = Value.tensor(Tensor([Int32(1), -2], shape: [2, 1]))
        let strings = Value.strings(StringTensor(["a", "ß"], shape: [2]))
        let keys = Value.tensor(Tensor([Int8(-1), 5], shape: [2]))
        let values: [Value] = [
            tensor, strings, .sequence([tensor, tensor], of: tensor.type), .sequence([], of: tensorType),
            .sequence([.sequence([strings], of: strings.type)], of: .sequence(strings.type)),
            .optional(tensor, of: tensor.type), .optional(nil, of: tensorType),
            .map(keys: keys, values: [tensor, tensor]), .map(keys: strings, values: [strings, strings]),
        ]
        for value in values {
            let bytes = TensorFile.encode(value, name: "v")
            let (name, back) = try TensorFile.read(bytes, as: value.type)
            #expect(name == "v" && back.type == value.type)
            #expect(TensorFile.encode(back, name: "v") == bytes)
        }
    }
}
