/// The version of this package, recorded in plans and in what is kept of measurements.
public enum WeftVersion {
    public static let number = "0.1.0"
}
