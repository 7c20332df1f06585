package import WeftProvider

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads and writes numpy's `.npy` files: one array of booleans, integers, floats or complex numbers each.
package enum NumpyFile {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Numpy's own names of little-endian element types.
    private static let types: [(name: String, type: ElementType)] = [
        ("b1", .bool), ("i1", .int8), ("i2", .int16), ("i4", .int32), ("i8", .int64), ("u1", .uint8), ("u2", .uint16),
        ("u4", .uint32), ("u8", .uint64), ("f2", .float16), ("f4", .float32), ("f8", .float64), ("c8", .complex64),
        ("c16", .complex128),
    ]

    /// Reads an array; one in column-major (Fortran) order is rearranged.
    ///
    /// Throws `.unreadableFile`, or `.invalidInput` for what is no such file or holds other elements.
    package static func read(_ path: String) throws(WeftError) -> Tensor {
        do {
            return try read(MappedFile(path: path))
        } catch {
            throw error.at(file: path)
        }
    }

    /// Reads an array from bytes in memory.
    package static func read(_ bytes: [UInt8]) throws(WeftError) -> Tensor { try read(MappedFile(bytes: bytes)) }

    private static func read(_ file: MappedFile) throws(WeftError) -> Tensor {
        let bytes = file.bytes
        guard bytes.count >= 10, bytes.starts(with: magic) else {
            throw WeftError(.invalidInput, "not a .npy file", hint: "write it with numpy.save")
        }
        let wide = bytes[6] >= 2
        guard (1...3).contains(bytes[6]), !wide || bytes.count >= 12 else {
            throw WeftError(.invalidInput, "a .npy file of version \(bytes[6]); versions 1 to 3 are supported")
        }
        let start = wide ? 12 : 10
        let length =
            wide
            ? Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
            : Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
        guard length <= bytes.count - start else { throw WeftError(.invalidInput, "the .npy file ends in its header") }
        let header = try NumpyHeader(UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]))
        let type = try elementType(header.descriptor)
        guard let count = header.shape.checkedElementCount, let byteCount = type.byteCount(count) else {
            throw WeftError(.invalidInput, "an array of shape \(header.shape) is larger than memory can be")
        }
        let found = bytes.count - start - length
        guard found >= byteCount else {
            throw WeftError(
                .invalidInput, "\(type) \(header.shape) needs \(byteCount) bytes, the .npy file has \(found)")
        }
        let tensor = try Tensor(uninitialized: type, shape: header.shape)
        let target = UnsafeMutableRawBufferPointer(start: tensor.storage.host, count: byteCount)
        let source = UnsafeRawBufferPointer(rebasing: bytes[(start + length)..<(start + length + byteCount)])
        if header.isFortranOrder, header.shape.count > 1 {
            rearrange(source, to: target, header.shape, width: type.byteWidth)
        } else {
            target.copyMemory(from: source)
        }
        if type == .bool { for index in target.indices where target[index] > 1 { target[index] = 1 } }
        return tensor
    }

    private static func elementType(_ descriptor: String) throws(WeftError) -> ElementType {
        let order = descriptor.first ?? " "
        let name = descriptor.dropFirst()
        if order == ">", name.hasSuffix("1") == false {
            throw WeftError(
                .invalidInput, "numpy type '\(descriptor)' is big-endian", hint: "save array.astype('<\(name)')")
        }
        guard "<|=>".contains(order), let entry = types.first(where: { $0.name == name }) else {
            throw WeftError(
                .invalidInput, "numpy type '\(descriptor)' is not supported",
                hint: "booleans, integers, floats and complex numbers are")
        }
        return entry.type
    }

    /// Copies column-major elements into row-major order.
    private static func rearrange(
        _ source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer, _ shape: [Int], width: Int
    ) {
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        var strides: [Int] = []
        var step = width
        for size in shape {
            strides.append(step)
            step &*= size
        }
        var index = [Int](repeating: 0, count: shape.count)
        var offset = 0
        for element in 0..<source.count / width {
            (to + element * width).copyMemory(from: from + offset, byteCount: width)
            var axis = shape.count - 1
            while axis >= 0 {
                index[axis] += 1
                offset += strides[axis]
                if index[axis] < shape[axis] { break }
                offset -= strides[axis] * shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
    }

    /// An array as the bytes of a `.npy` file. Throws `.invalidInput` for element types that numpy does not have.
    package static func encode(_ tensor: Tensor) throws(WeftError) -> [UInt8] {
        guard let entry = types.first(where: { $0.type == tensor.elementType }) else {
            throw WeftError(
                .invalidInput, "numpy has no \(tensor.elementType), so it cannot be written as .npy")
        }
        if let defect = tensor.defect { throw WeftError(.invalidInput, defect) }
        let order = tensor.elementType.byteWidth == 1 ? "|" : "<"
        let sizes = tensor.shape.map { "\($0)" }.joined(separator: ", ")
        let shape = tensor.shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
        var header = "{'descr': '\(order)\(entry.name)', 'fortran_order': False, 'shape': \(shape), }"
        header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
        let length = UInt16(truncatingIfNeeded: header.utf8.count)
        var bytes = magic + [1, 0, UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
        bytes += Array(header.utf8)
        bytes += tensor.storage.bytes
        return bytes
    }

    /// Writes an array to a file, in place of what was there.
    package static func write(_ tensor: Tensor, to path: String) throws(WeftError) {
        let bytes = try encode(tensor)
        func failed() -> WeftError {
            WeftError(.unreadableFile, "cannot write the file: \(String(cString: strerror(errno)))", file: path)
        }
        guard let file = fopen(path, "wb") else { throw failed() }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else { throw failed() }
    }
}
