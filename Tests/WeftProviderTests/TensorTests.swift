import Testing
import WeftProvider

/// Tensors keep what they are given, and say what is wrong with them.
@Suite struct TensorTests {
    private func expectRoundTrip<Element: TensorElement & Equatable>(_ elements: [Element]) throws {
        let tensor = Tensor(elements, shape: [elements.count])
        #expect(tensor.elementType == Element.elementType)
        #expect(tensor.defect == nil)
        #expect(tensor.storage.byteCount == Element.elementType.byteCount(elements.count))
        #expect(try tensor.array(as: Element.self) == elements)
    }

    @Test func everyElementTypeComesBack() throws {
        try expectRoundTrip([Float](arrayLiteral: 0.1, -2, .infinity))
        try expectRoundTrip([Double](arrayLiteral: 0.1, -2, .leastNonzeroMagnitude))
        try expectRoundTrip([Float16](arrayLiteral: 0.1, -2))
        try expectRoundTrip([BFloat16(0.1), BFloat16(-2)])
        try expectRoundTrip([Int8.min, 0, .max])
        try expectRoundTrip([Int16.min, 0, .max])
        try expectRoundTrip([Int32.min, 0, .max])
        try expectRoundTrip([Int64.min, 0, .max])
        try expectRoundTrip([UInt8.min, .max])
        try expectRoundTrip([UInt16.min, .max])
        try expectRoundTrip([UInt32.min, .max])
        try expectRoundTrip([UInt64.min, .max])
        try expectRoundTrip([true, false, true])
        try expectRoundTrip([Float]())
    }

    @Test(arguments: ElementType.allCases) func freshTensorsOfEveryTypeAreSound(_ type: ElementType) throws {
        let tensor = try Tensor(uninitialized: type, shape: [3, 5], zeroed: true)
        #expect(tensor.defect == nil)
        #expect(tensor.storage.byteCount == type.byteCount(15))
        #expect(tensor.storage.bytes.allSatisfy { $0 == 0 })
    }

    @Test func aCountThatDoesNotFitTheShapeIsADefect() throws {
        let tensor = Tensor([Float](repeating: 0, count: 5), shape: [2, 3])
        #expect(tensor.defect == "shape [2, 3] has 6 elements, the tensor holds 5")
        let error = try #require(throws: WeftError.self) { try tensor.array(as: Float.self) }
        #expect(error.code == .invalidInput)
        #expect(Tensor([Float](), shape: [-1]).defect?.contains("negative") == true)
        #expect(Tensor([Float](), shape: [1 << 40, 1 << 40]).defect != nil)
    }

    @Test func anArrayOfAnotherTypeIsRefused() throws {
        let error = try #require(throws: WeftError.self) {
            try Tensor([Float](repeating: 0, count: 2), shape: [2]).array(as: Int32.self)
        }
        #expect(error.code == .invalidInput)
        #expect(error.message == "the tensor's elements are float32, not int32")
    }

    @Test func reshapedTensorsShareTheirBytes() throws {
        let tensor = Tensor([Int32(1), 2, 3, 4], shape: [2, 2])
        let flat = tensor.reshaped([4])
        #expect(flat.shape == [4])
        #expect(flat.storage.host == tensor.storage.host)
        #expect(try flat.array(as: Int32.self) == [1, 2, 3, 4])
        #expect(tensor.reshaped([3]).defect != nil)
    }

    @Test func scalarsHaveRankZero() throws {
        let tensor = Tensor(scalar: Int64(7))
        #expect(tensor.shape == [])
        #expect(try tensor.array(as: Int64.self) == [7])
    }

    @Test(arguments: [0, 1, 63, 64, 65, 4097]) func hostMemoryIsAligned(_ count: Int) throws {
        let buffer = try HostBuffer(byteCount: count)
        #expect(buffer.byteCount == count)
        #expect(Int(bitPattern: buffer.host) % HostBuffer.alignment == 0)
        let tensor = Tensor([UInt8](repeating: 1, count: count), shape: [count])
        #expect(Int(bitPattern: tensor.storage.host) % HostBuffer.alignment == 0)
    }

    @Test func memoryThatThereIsNotIsAnError() throws {
        for count in [-1, Int.max, Int.max - 1] {
            #expect(try #require(throws: WeftError.self) { try HostBuffer(byteCount: count) }.code == .outOfMemory)
        }
        let error = try #require(throws: WeftError.self) {
            try Tensor(uninitialized: .float32, shape: [1 << 40, 1 << 40])
        }
        #expect(error.code == .outOfMemory)
    }

    @Test func integersOfAnyWidthAreRead() throws {
        func constant(_ tensor: Tensor) -> Constant {
            Constant(
                id: 1, elementType: tensor.elementType, shape: tensor.shape,
                payload: .bytes(BufferConstant(tensor.storage)))
        }
        #expect(try constant(Tensor([Int8(-3), 4], shape: [2])).integers() == [-3, 4])
        #expect(try constant(Tensor([UInt16(65535)], shape: [1])).integers() == [65535])
        #expect(try constant(Tensor([true, false], shape: [2])).integers() == [1, 0])
        #expect(constant(Tensor(scalar: 2.5)).scalar == 2.5)
        #expect(constant(Tensor(scalar: Int32(2))).scalar == nil)
        #expect(constant(Tensor([Float(1), 2], shape: [2])).scalar == nil)
        let error = try #require(throws: WeftError.self) {
            try constant(Tensor([Float(1)], shape: [1])).integers(node: "n (Op)")
        }
        #expect(error.description == "node n (Op): expected integers, found float32")
    }
}
