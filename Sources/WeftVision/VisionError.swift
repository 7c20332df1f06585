/// Why a picture could not be read, drawn or written, or a model's outputs could not be understood.
///
/// `message` says what is wrong and where, `remedy` what to do about it; `description` is both in one line.
public struct VisionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of failure, for programs; new kinds may be added.
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: String

        public init(rawValue: String) { self.rawValue = rawValue }

        /// The file is missing, may not be read or written, or is no regular file.
        public static let fileAccess = Code(rawValue: "fileAccess")
        /// The bytes are no picture, or one in a format that is not read.
        public static let notAPicture = Code(rawValue: "notAPicture")
        /// The bytes begin as a picture but are cut short or broken.
        public static let damagedPicture = Code(rawValue: "damagedPicture")
        /// The picture has no pixels, more than the limit, or sizes that contradict each other.
        public static let badSize = Code(rawValue: "badSize")
        /// The build lacks the picture library.
        public static let unavailable = Code(rawValue: "unavailable")
        /// The model is no YOLO export, or one whose layout is not understood.
        public static let notYOLO = Code(rawValue: "notYOLO")
        /// An option is outside its range.
        public static let badOption = Code(rawValue: "badOption")
    }

    public let code: Code
    public let message: String
    public let remedy: String

    public init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public var description: String { message + "; " + remedy }
}
