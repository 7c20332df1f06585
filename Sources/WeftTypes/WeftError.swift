/// An error that a file, a model, a device or a caller caused, or a bug in Weft.
///
/// `message` says what is wrong; `hint` says what to do about it, where something can be done.
public struct WeftError: Error, Sendable, CustomStringConvertible {
    /// The kind of an error. The set is open: providers may add codes of their own.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The code as text, such as `invalidModel`.
        public let rawValue: String
        /// The code with this text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// An option or argument has a value that is not allowed.
        public static let invalidOption = Code(rawValue: "invalidOption")
        /// There is no provider of the name that was asked for.
        public static let unknownProvider = Code(rawValue: "unknownProvider")
        /// A provider that was asked for by name has no device or library on this machine.
        public static let providerUnavailable = Code(rawValue: "providerUnavailable")
        /// A file cannot be opened, read or written.
        public static let unreadableFile = Code(rawValue: "unreadableFile")
        /// A file is not an ONNX model, or the model contradicts itself.
        public static let invalidModel = Code(rawValue: "invalidModel")
        /// The version of the model's format or of an operator set is not supported.
        public static let unsupportedVersion = Code(rawValue: "unsupportedVersion")
        /// No provider of the session supports an operator, or this use of it.
        public static let unsupportedOperator = Code(rawValue: "unsupportedOperator")
        /// An input's name, type or shape does not fit what the model declares, or a tensor contradicts itself.
        public static let invalidInput = Code(rawValue: "invalidInput")
        /// A plan file is damaged, or was made for another model, device or input.
        public static let invalidPlan = Code(rawValue: "invalidPlan")
        /// A value has contents that an operator cannot handle, such as an index that is out of range.
        public static let invalidData = Code(rawValue: "invalidData")
        /// Memory could not be allocated on the host or a device.
        public static let outOfMemory = Code(rawValue: "outOfMemory")
        /// A plan needs more memory on a device than the device has, or than the session allows.
        public static let deviceMemoryExceeded = Code(rawValue: "deviceMemoryExceeded")
        /// A provider breaks the contract of WeftProvider.
        public static let invalidProvider = Code(rawValue: "invalidProvider")
        /// A device stopped working during a run; its memory is lost.
        public static let deviceLost = Code(rawValue: "deviceLost")
        /// Work was not done by its deadline.
        public static let timeout = Code(rawValue: "timeout")
        /// The caller cancelled the run.
        public static let cancelled = Code(rawValue: "cancelled")
        /// A device could not compile a segment.
        public static let compileFailed = Code(rawValue: "compileFailed")
        /// A pin or `strict` placement leaves no device that can run a node.
        public static let placementForbidden = Code(rawValue: "placementForbidden")
        /// A bug in Weft: something that its own code excludes has happened.
        public static let internalInconsistency = Code(rawValue: "internalInconsistency")
    }

    /// The kind of the error.
    public var code: Code
    /// What is wrong, with the values that were expected and found.
    public var message: String
    /// What the reader can do about it; nil if nothing is known to help.
    public var hint: String?
    /// The model file that the error is about; nil if there is none.
    public var file: String?
    /// The node that the error is about, as `name (Operator)`; nil if there is none.
    public var node: String?

    /// An error with these facts.
    public init(_ code: Code, _ message: String, hint: String? = nil, file: String? = nil, node: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.file = file
        self.node = node
    }

    /// The same error with file and node filled in, each only if the error has none yet.
    public func at(file: String? = nil, node: String? = nil) -> WeftError {
        var error = self
        error.file = error.file ?? file
        error.node = error.node ?? node
        return error
    }

    /// File, node and message in one line; without the hint.
    public var description: String {
        var text = ""
        if let file { text += "\(file): " }
        if let node { text += "node \(node): " }
        return text + message
    }
}
