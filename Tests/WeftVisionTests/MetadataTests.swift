import Testing
import WeftVision

@Suite struct MetadataTests {
    @Test func literalsAreReadAsPythonPrintsThem() throws {
        #expect(try PythonLiteral(" [640, 480] ").integers == [640, 480])
        #expect(try PythonLiteral("(17, 3,)").integers == [17, 3])
        #expect(try PythonLiteral("{}") == .dictionary([]))
        #expect(try PythonLiteral("-1.5e3") == .real(-1500))
        #expect(try PythonLiteral("[True, False, None]") == .list([.bool(true), .bool(false), .none]))
        #expect(try PythonLiteral(#"'it\'s'"#) == .text("it's"))
        #expect(try PythonLiteral(#""it's""#) == .text("it's"))
        #expect(try PythonLiteral(#"'\u00e9\n\x41\\'"#) == .text("é\nA\\"))
        #expect(
            try PythonLiteral("{0: 'a, b', 7: 'c: d'}")
                == .dictionary([
                    .init(key: .integer(0), value: .text("a, b")), .init(key: .integer(7), value: .text("c: d")),
                ]))
    }

    @Test(arguments: [
        "", " ", "{", "[", "(", "'", "\"", "{0", "{0:", "{0: 'a'", "{0: 'a' 1: 'b'}", "[1 2]", "[1,,2]", "[1]]", "nope",
        "{0: person}", #"'\"#, #"'\x4'"#, #"'\ud800'"#, "99999999999999999999999x", "1e999", "[(])", "{[}", "\u{0}",
        String(repeating: "[", count: 100_000), String(repeating: "{0:", count: 100_000),
    ])
    func brokenLiteralsAreErrors(source: String) {
        #expect(throws: PythonLiteral.SyntaxError.self) { try PythonLiteral(source) }
    }

    @Test func everyPrefixOfALiteralIsAnError() {
        let source = #"{0: 'person', 1: "bi'cycle", 2: ['x', (1, 2.5)], 3: True}"#
        for length in 0..<source.utf8.count {
            #expect(throws: PythonLiteral.SyntaxError.self) { try PythonLiteral(String(source.prefix(length))) }
        }
    }

    @Test func anExportIsUnderstood() throws {
        let metadata = try YOLOMetadata([
            "task": "pose", "names": "{0: 'person', 5: 'bus'}", "stride": "32", "imgsz": "[384, 640]",
            "kpt_shape": "[17, 3]", "end2end": "False", "author": "someone",
        ])
        #expect(metadata.task == .pose)
        #expect(metadata.names == [0: "person", 5: "bus"])
        #expect(metadata.stride == 32)
        #expect(metadata.imageSize?.height == 384)
        #expect(metadata.imageSize?.width == 640)
        #expect(metadata.keypointShape?.count == 17)
        #expect(!metadata.endToEnd)
        #expect(metadata.name(of: 5) == "bus")
        #expect(metadata.name(of: 6) == "6")
        #expect(try YOLOMetadata(["task": "detect", "names": "['a', 'b']", "imgsz": "320"]).names == [0: "a", 1: "b"])
    }

    @Test(
        arguments: [
            ([:], "'task' and 'names'"),
            (["task": "detect"], "'names'"),
            (["names": "{0: 'a'}", "producer": "x"], "producer"),
            (["task": "dance", "names": "{0: 'a'}"], "dance"),
            (["task": "detect", "names": "{}"], "names"),
            (["task": "detect", "names": "{0: 1}"], "names"),
            (["task": "detect", "names": "{'a': 0}"], "names"),
            (["task": "detect", "names": "{0: 'a'"], "byte 7"),
            (["task": "detect", "names": "['a', 2]"], "names"),
            (["task": "detect", "names": "{0: 'a'}", "stride": "0"], "stride"),
            (["task": "detect", "names": "{0: 'a'}", "stride": "[]"], "stride"),
            (["task": "detect", "names": "{0: 'a'}", "imgsz": "[640, -1]"], "imgsz"),
            (["task": "detect", "names": "{0: 'a'}", "imgsz": "[9999999999, 2]"], "imgsz"),
            (["task": "pose", "names": "{0: 'a'}"], "kpt_shape"),
            (["task": "pose", "names": "{0: 'a'}", "kpt_shape": "[17, 4]"], "kpt_shape"),
        ] as [([String: String], String)])
    func whatIsMissingOrWrongIsNamed(pairs: [String: String], culprit: String) {
        let error = #expect(throws: VisionError.self) { try YOLOMetadata(pairs) }
        #expect(error?.code == .notYOLO)
        #expect(error?.message.contains(culprit) == true, "\(error?.message ?? "")")
    }
}
