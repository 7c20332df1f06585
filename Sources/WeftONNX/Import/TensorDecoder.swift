import WeftGraph
import WeftProvider

/// Turns tensor messages into constants and values; bytes stay in their files where the encoding allows.
///
/// Every size is checked against the bytes that are there before memory is taken for it. Constants of the same bytes,
/// type and shape share one identity.
struct TensorDecoder {
    private let file: MappedFile
    private var external: ExternalFiles
    private var known: [Origin: Constant] = [:]
    private var denseLeft: Int

    /// `folder` is where external data may lie, nil where there can be none; `denseLimit` the bytes that sparse tensors
    /// may take in all once they are dense.
    init(file: MappedFile, folder: String?, denseLimit: Int) {
        denseLeft = denseLimit
        self.file = file
        external = ExternalFiles(folder: folder)
    }

    private struct Origin: Hashable {
        let file: ObjectIdentifier
        let range: Range<Int>
        let type: ElementType
        let shape: [Int]
    }

    /// What a tensor message says about itself, checked.
    private struct Header {
        let name: String
        let type: ElementType
        let shape: [Int]
        let count: Int
        let byteCount: Int

        var label: String { "tensor '\(name)'" }
    }

    /// The text of a length-delimited range of the file.
    func text(_ range: Range<Int>, of label: String) throws(WeftError) -> String {
        guard let text = String(validating: UnsafeRawBufferPointer(rebasing: file.bytes[range]), as: UTF8.self) else {
            throw WeftError(.invalidModel, "\(label) is not UTF-8 text")
        }
        return text
    }

    /// A tensor message as a constant. Errors name the tensor, or `name` where it has none of its own.
    mutating func constant(_ proto: TensorProto, name: String = "") throws(WeftError) -> Constant {
        let header = try header(proto, name: name)
        if header.type == .string { return try strings(proto, header) }
        if let (file, range) = try bytes(proto, header) {
            return try mapped(file, range, header)
        }
        let storage = try typed(proto, header)
        return Constant(
            id: ConstantFactory.newIdentity(), elementType: header.type, shape: header.shape,
            payload: .bytes(BufferConstant(storage)))
    }

    /// A sparse tensor message as a dense constant.
    mutating func constant(_ proto: SparseTensorProto, name: String = "") throws(WeftError) -> Constant {
        let label = proto.values.name.isEmpty ? name : proto.values.name
        let values = try constant(proto.values, name: label)
        let indices = try constant(proto.indices, name: "\(label) (indices)")
        let shape = try TensorDecoder.shape(proto.dims, label)
        let sparse = SparseTensor(label: label, values: values, indices: indices, shape: shape)
        return ConstantFactory.constant(try sparse.dense(limit: &denseLeft))
    }

    private func header(_ proto: TensorProto, name: String) throws(WeftError) -> Header {
        let name = proto.name.isEmpty ? name : proto.name
        guard let type = UInt8(exactly: proto.dataType).flatMap(ElementType.init(rawValue:)) else {
            throw WeftError(
                .invalidModel, "tensor '\(name)' has element type \(proto.dataType), which is none of ONNX's")
        }
        let shape = try TensorDecoder.shape(proto.dims, name)
        guard let count = shape.checkedElementCount, let byteCount = type.byteCount(count) else {
            throw WeftError(.invalidModel, "tensor '\(name)' of shape \(shape) is larger than memory can be")
        }
        return Header(name: name, type: type, shape: shape, count: count, byteCount: byteCount)
    }

    private static func shape(_ dims: [Int64], _ name: String) throws(WeftError) -> [Int] {
        var shape: [Int] = []
        shape.reserveCapacity(dims.count)
        for size in dims {
            guard size >= 0 else {
                throw WeftError(.invalidModel, "tensor '\(name)' has the negative dimension \(size)")
            }
            shape.append(Int(size))
        }
        return shape
    }

    /// Where a tensor's bytes lie as they are: `raw_data`, external data, or packed numbers of its own width.
    private mutating func bytes(
        _ proto: TensorProto, _ header: Header
    ) throws(WeftError) -> (MappedFile, Range<Int>)? {
        if proto.isExternal {
            return try external.find(proto.externalData, tensor: header.name, expected: header.byteCount)
        }
        let range: Range<Int>
        if let raw = proto.rawData {
            range = raw
        } else if header.type == .float32, proto.floatData.count == 1 {
            range = proto.floatData[0]
        } else if header.type == .float64, proto.doubleData.count == 1 {
            range = proto.doubleData[0]
        } else {
            return nil
        }
        guard range.count == header.byteCount else {
            throw WeftError(
                .invalidModel,
                "\(header.label), \(header.type) \(header.shape), needs \(header.byteCount) bytes, has \(range.count)")
        }
        return (file, range)
    }

    private mutating func mapped(
        _ file: MappedFile, _ range: Range<Int>, _ header: Header
    ) throws(WeftError) -> Constant {
        let origin = Origin(file: ObjectIdentifier(file), range: range, type: header.type, shape: header.shape)
        if let constant = known[origin] { return constant }
        var view = file.view(range)
        if header.type == .bool, view.bytes.contains(where: { $0 > 1 }) {
            view = try normalised(view)
        }
        let constant = Constant(
            id: ConstantFactory.newIdentity(), elementType: header.type, shape: header.shape,
            payload: .bytes(BufferConstant(view)))
        known[origin] = constant
        return constant
    }

    /// Truth values as zero and one, the only bytes that kernels may meet.
    private func normalised(_ view: BufferView) throws(WeftError) -> BufferView {
        let copy = try BufferView.allocate(byteCount: view.byteCount)
        let target = UnsafeMutableRawBufferPointer(start: copy.host, count: copy.byteCount)
        for (index, byte) in view.bytes.enumerated() { target[index] = byte == 0 ? 0 : 1 }
        return copy
    }

    private func strings(_ proto: TensorProto, _ header: Header) throws(WeftError) -> Constant {
        guard proto.rawData == nil, !proto.isExternal else {
            throw WeftError(.invalidModel, "\(header.label) holds strings, which cannot be raw or external data")
        }
        guard proto.stringData.count == header.count else {
            throw wrongCount(header, found: proto.stringData.count)
        }
        var elements: [String] = []
        elements.reserveCapacity(header.count)
        for range in proto.stringData { elements.append(try text(range, of: "an element of \(header.label)")) }
        return Constant(
            id: ConstantFactory.newIdentity(), elementType: .string, shape: header.shape, payload: .strings(elements))
    }

    /// The elements of a typed field, written out at their own width.
    private func typed(_ proto: TensorProto, _ header: Header) throws(WeftError) -> BufferView {
        var field = NumberField(file.bytes, header.label)
        switch header.type {
        case .float32, .complex64: try field.copy(proto.floatData, width: 4, count: header.byteCount / 4)
        case .float64, .complex128: try field.copy(proto.doubleData, width: 8, count: header.byteCount / 8)
        case .int64: try field.expand(proto.int64Data, UInt64.self, count: header.count)
        case .uint64: try field.expand(proto.uint64Data, UInt64.self, count: header.count)
        case .uint32: try field.expand(proto.uint64Data, UInt32.self, count: header.count)
        case .int32: try field.expand(proto.int32Data, UInt32.self, count: header.count)
        case .int16, .uint16, .float16, .bfloat16:
            try field.expand(proto.int32Data, UInt16.self, count: header.count)
        case .bool: try field.truths(proto.int32Data, count: header.count)
        case .float6e2m3, .float6e3m2: try field.sixBits(proto.int32Data, count: header.count)
        default: try field.expand(proto.int32Data, UInt8.self, count: header.byteCount)
        }
        return try field.storage(header.byteCount)
    }

    private func wrongCount(_ header: Header, found: Int) -> WeftError {
        WeftError(
            .invalidModel, "\(header.label) of shape \(header.shape) needs \(header.count) elements, has \(found)")
    }
}
