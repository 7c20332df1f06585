extension Constant {
    /// The value of a constant of one float16, float32 or float64 element; nil for any other constant.
    public var scalar: Float? {
        guard elementCount == 1, let tensor = try? tensor() else { return nil }
        switch elementType {
        case .float32: return (try? tensor.array(as: Float.self))?.first
        case .float64: return (try? tensor.array(as: Double.self))?.first.map { Float($0) }
        case .float16: return (try? tensor.array(as: Float16.self))?.first.map { Float($0) }
        default: return nil
        }
    }
}
