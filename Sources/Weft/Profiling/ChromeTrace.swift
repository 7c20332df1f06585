public import WeftProvider

extension Profile {
    /// The profile in the trace event format, which chrome://tracing and Perfetto read.
    ///
    /// Three processes: loading, the host with a thread for each of its threads, and the devices with one for each.
    public var chromeTrace: String {
        var trace = TraceText()
        for (index, lane) in lanes.enumerated() {
            trace.event("M", lane: index, of: self, [("name", .text("process_name"))], .init(lane.kind))
            trace.event(
                "M", lane: index, of: self, [("name", .text("thread_name"))], [("name", .text(lane.name))])
            trace.event(
                "M", lane: index, of: self, [("name", .text("thread_sort_index"))], [("sort_index", .integer(index))])
        }
        for span in spans {
            trace.event(
                "X", lane: span.lane, of: self,
                [
                    ("name", .text(span.name)), ("cat", .text(span.category)), ("ts", .microseconds(span.start)),
                    ("dur", .microseconds(span.duration)),
                ], span.details.sorted { $0.key < $1.key }.map { ($0.key, .init($0.value)) })
        }
        for (number, flow) in flows.enumerated() {
            for (index, point) in flow.points.enumerated() {
                let isLast = index == flow.points.count - 1
                var fields: [(String, TraceText.Field)] = [
                    ("name", .text(flow.value)), ("cat", .text("transfer")), ("id", .integer(number + 1)),
                    ("ts", .microseconds(point.time)),
                ]
                // Without it an arrow ends at the next slice, not at the one that holds its moment.
                if isLast { fields.append(("bp", .text("e"))) }
                trace.event(index == 0 ? "s" : isLast ? "f" : "t", lane: point.lane, of: self, fields, [])
            }
        }
        return trace.finished
    }

    /// Writes the profile as a file for chrome://tracing or Perfetto. Throws `.unreadableFile` where it cannot.
    public func write(chromeTrace path: String) throws(WeftError) { try TextFile.write(chromeTrace, to: path) }
}

/// Trace events on their way to JSON.
private struct TraceText {
    enum Field {
        case text(String)
        case integer(Int)
        case number(Double)
        /// Seconds, written as the format's microseconds, down to nanoseconds.
        case microseconds(Double)
        case list([String])

        init(_ detail: Profile.Detail) {
            switch detail {
            case .text(let text): self = .text(text)
            case .integer(let number): self = .integer(number)
            case .number(let number): self = .number(number)
            case .list(let list): self = .list(list)
            }
        }
    }

    private var text = "{\"displayTimeUnit\":\"ms\",\"traceEvents\":["
    private var isFirst = true

    var finished: String { text + "\n]}\n" }

    mutating func event(
        _ kind: String, lane: Int, of profile: Profile, _ fields: [(String, Field)], _ details: [(String, Field)]
    ) {
        text += isFirst ? "\n" : ",\n"
        isFirst = false
        let process = profile.lanes.indices.contains(lane) ? profile.lanes[lane].kind.process : 0
        text += "{\"ph\":\"\(kind)\",\"pid\":\(process),\"tid\":\(lane)"
        for (name, value) in fields { append(name, value) }
        if !details.isEmpty {
            text += ",\"args\":{"
            for (index, (name, value)) in details.enumerated() { append(name, value, isFirst: index == 0) }
            text += "}"
        }
        text += "}"
    }

    private mutating func append(_ name: String, _ value: Field, isFirst: Bool = false) {
        text += "\(isFirst ? "" : ",")\(Self.quoted(name)):"
        switch value {
        case .text(let value): text += Self.quoted(value)
        case .integer(let value): text += "\(value)"
        case .number(let value): text += value.isFinite ? "\(value)" : "null"
        case .microseconds(let seconds):
            let nanoseconds = Int((seconds * 1e9).rounded())
            let rest = "\(nanoseconds % 1000)"
            text += "\(nanoseconds / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
        case .list(let values): text += "[\(values.map(Self.quoted).joined(separator: ","))]"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Profile.Lane.Kind {
    fileprivate var process: Int {
        switch self {
        case .loading: 1
        case .host: 2
        case .device: 3
        }
    }
}

extension [(String, TraceText.Field)] {
    /// What the lanes of a kind are called together.
    fileprivate init(_ kind: Profile.Lane.Kind) {
        let name =
            switch kind {
            case .loading: "loading"
            case .host: "host threads"
            case .device: "devices"
            }
        self = [("name", .text(name))]
    }
}
