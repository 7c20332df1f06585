import Testing
import WeftProvider

@testable import WeftONNX

private func file(_ header: String, version: UInt8 = 1, _ data: [UInt8]) -> [UInt8] {
    let length = UInt32(header.utf8.count)
    let size = withUnsafeBytes(of: length.littleEndian) { Array($0) }
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + (version == 1 ? Array(size[..<2]) : size) + Array(header.utf8)
        + data
}

private func message(_ bytes: [UInt8]) -> String? {
    do throws(WeftError) {
        _ = try NumpyFile.read(bytes)
        return nil
    } catch {
        return error.message
    }
}

@Suite struct NumpyFileTests {
    @Test func everyTypeAndRankIsReadBackAsItWasWritten() throws {
        let tensors: [Tensor] = [
            Tensor(scalar: Float(1.5)), Tensor([Double(1), 2], shape: [2]), Tensor([Float16(1)], shape: [1, 1]),
            Tensor([Int8(-1), 2, 3, 4, 5, 6], shape: [1, 2, 3]), Tensor([Int16](), shape: [0, 4]),
            Tensor([Int32(1)], shape: [1]), Tensor([Int64.min], shape: [1]), Tensor([true, false], shape: [2]),
            Tensor([UInt8(255)], shape: [1]), Tensor([UInt16(9)], shape: [1]), Tensor([UInt32(9)], shape: [1]),
            Tensor([UInt64.max], shape: [1]),
        ]
        for tensor in tensors {
            let bytes = try NumpyFile.encode(tensor)
            #expect((bytes.count - tensor.storage.byteCount) % 64 == 0)
            let back = try NumpyFile.read(bytes)
            #expect(back.elementType == tensor.elementType && back.shape == tensor.shape)
            #expect(Array(back.storage.bytes) == Array(tensor.storage.bytes))
        }
    }

    @Test(arguments: [UInt8(1), 2, 3]) func everyVersionIsRead(_ version: UInt8) throws {
        let bytes = file("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }\n", version: version, [1, 0, 2, 0])
        #expect(try NumpyFile.read(bytes).array() == [Int16(1), 2])
    }

    @Test func columnMajorArraysAreRearranged() throws {
        let bytes = file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", [1, 4, 2, 5, 3, 6])
        let tensor = try NumpyFile.read(bytes)
        #expect(tensor.shape == [2, 3])
        #expect(try tensor.array() == [UInt8](1...6))
    }

    @Test func headersOfPython2AreRead() throws {
        let tensor = try NumpyFile.read(file("{'shape': (1L, 2L), 'fortran_order': False, 'descr': \"<u1\"}", [7, 8]))
        #expect(try tensor.array() == [UInt8(7), 8])
    }

    @Test func whatIsNoArrayIsNamed() {
        let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}"
        #expect(message([]) == "not a .npy file")
        #expect(message(Array("hello, world".utf8)) == "not a .npy file")
        #expect(message(file(header, version: 4, []))?.contains("version 4") == true)
        #expect(message(Array(file(header, []).dropLast(5))) == "the .npy file ends in its header")
        #expect(message(file(header, [1, 2, 3])) == "float32 [2] needs 8 bytes, the .npy file has 3")
        #expect(message(file("{}", []))?.contains("not the dictionary") == true)
        #expect(message(file(header.replacing("<f4", with: ">f4"), [])) == "numpy type '>f4' is big-endian")
        #expect(message(file(header.replacing("<f4", with: "<U3"), [])) == "numpy type '<U3' is not supported")
        #expect(message(file(header.replacing("'<f4'", with: "[('a', '<f4')]"), []))?.contains("records") == true)
        #expect(
            message(file(header.replacing("(2,)", with: "(99999999999999999999,)"), []))?.contains("dictionary") == true
        )
        #expect(
            message(file(header.replacing("(2,)", with: "(9999999999999,9999999999999)"), []))?
                .contains("larger than memory") == true)
    }

    @Test func everyTruncationAndMutationIsReadOrThrows() throws {
        let bytes = try NumpyFile.encode(Tensor([Float](repeating: 1, count: 6), shape: [2, 3]))
        for length in bytes.indices { #expect(message(Array(bytes[..<length])) != nil) }
        var random = SeededGenerator(state: 5)
        var errors = 0
        for _ in 0..<5000 where message(mutated(bytes, with: &random)) != nil { errors += 1 }
        #expect(errors > 500)
    }
}
