/// Whatever a file, a model, a device or a caller did that stops the work.
///
/// `message` says what is wrong and where; `hint` what to do about it, where something can be done.
public struct WeftError: Error, Sendable, CustomStringConvertible {
    /// What kind of thing went wrong. An open set: providers may add their own.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String
        public init(rawValue: String) { self.rawValue = rawValue }

        /// An option or argument of the caller's is out of its range.
        public static let invalidOption = Code(rawValue: "invalidOption")
        public static let unknownProvider = Code(rawValue: "unknownProvider")
        /// A provider that was asked for by name has no device or library here.
        public static let providerUnavailable = Code(rawValue: "providerUnavailable")
        public static let unreadableFile = Code(rawValue: "unreadableFile")
        /// Not an ONNX model, or one that contradicts itself.
        public static let invalidModel = Code(rawValue: "invalidModel")
        /// A model whose format or operator-set version is none that Weft knows.
        public static let unsupportedVersion = Code(rawValue: "unsupportedVersion")
        /// An operator, or a use of one, that no provider of the list has.
        public static let unsupportedOperator = Code(rawValue: "unsupportedOperator")
        /// An input's name, type or shape is not what the model declares.
        public static let invalidInput = Code(rawValue: "invalidInput")
        /// A plan file that is damaged, or that was made for something else.
        public static let invalidPlan = Code(rawValue: "invalidPlan")
        /// Values met while running that an operator has no answer for, such as an index out of range.
        public static let invalidData = Code(rawValue: "invalidData")
        public static let outOfMemory = Code(rawValue: "outOfMemory")
        /// A plan needs more memory on a device than the session, or the device, lets it have.
        public static let deviceMemoryExceeded = Code(rawValue: "deviceMemoryExceeded")
        /// A provider breaks its contract.
        public static let invalidProvider = Code(rawValue: "invalidProvider")
        public static let deviceLost = Code(rawValue: "deviceLost")
        public static let timeout = Code(rawValue: "timeout")
        public static let cancelled = Code(rawValue: "cancelled")
        public static let compileFailed = Code(rawValue: "compileFailed")
        /// `strict` forbids where a node would have to run.
        public static let placementForbidden = Code(rawValue: "placementForbidden")
        /// Weft contradicts itself: a bug.
        public static let internalInconsistency = Code(rawValue: "internalInconsistency")
    }

    public var code: Code
    public var message: String
    public var hint: String?
    /// The model file, where one is concerned.
    public var file: String?
    /// The node, as `name (Operator)`, where one is concerned.
    public var node: String?

    public init(_ code: Code, _ message: String, hint: String? = nil, file: String? = nil, node: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.file = file
        self.node = node
    }

    /// The same error, its place filled in where it was missing.
    public func at(file: String? = nil, node: String? = nil) -> WeftError {
        var error = self
        error.file = error.file ?? file
        error.node = error.node ?? node
        return error
    }

    public var description: String {
        var text = ""
        if let file { text += "\(file): " }
        if let node { text += "node \(node): " }
        return text + message
    }
}
