import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The plan as a page, a picture, and an answer about one node.
@Suite struct ExplainPageTests {
    private let dense = Tool.fixture("dense.onnx")

    @Test func thePageNeedsNothingFromOutside() throws {
        try Tool.withFolder { folder in
            let (html, svg) = (folder + "/plan.html", folder + "/plan.svg")
            let result = try Tool.run(["explain", dense, "--shape", "x=2x4", "--html", html, "--svg", svg])
            #expect(result.code == 0)
            let page = try String(contentsOfFile: html, encoding: .utf8)
            #expect(!page.contains("http:") && !page.contains("https:") && !page.contains("src="))
            #expect(page.contains("class=\"lane\""))
            #expect(page.contains("class=\"bar\""))
            #expect(page.components(separatedBy: "<tr data-segment=").count == 3)
            for word in ["product", "positive", "host only", "device first", "greedy", "lower bound"] {
                #expect(page.contains(word), "\(word)")
            }
            let picture = try String(contentsOfFile: svg, encoding: .utf8)
            #expect(XMLParser(data: Data(picture.utf8)).parse())
            #expect(picture.contains("<title>1. "))
        }
    }

    @Test func whatAModelCallsItsNodesIsTextOnThePage() throws {
        try Tool.withFolder { folder in
            // A name of the same length, so that the file stays what it is.
            var model = try Data(contentsOf: URL(fileURLWithPath: dense))
            let name = try #require(model.range(of: Data("product".utf8)))
            model.replaceSubrange(name, with: Data("<b>&\"</".utf8))
            try model.write(to: URL(fileURLWithPath: folder + "/model.onnx"))
            let files = [folder + "/plan.html", folder + "/plan.svg"]
            let result = try Tool.run([
                "explain", folder + "/model.onnx", "--shape", "x=2x4", "--html", files[0], "--svg", files[1],
            ])
            #expect(result.code == 0, "\(result.errors)")
            let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
            for text in texts { #expect(!text.contains("<b>&\"")) }
            #expect(texts[0].contains("&lt;b&gt;&amp;&quot;&lt;/"))
        }
    }

    @Test func aNodeSaysWhereItRunsAndWhy() throws {
        let text = try Tool.run(["explain", dense, "--shape", "x=2x4", "--provider", "cpu", "--node", "product"])
        #expect(text.code == 0)
        #expect(text.output.contains("product, a MatMul:"))
        #expect(text.output.contains("runs on cpu"))
        #expect(text.output.contains("because: "))
        let all = try Tool.run(["explain", dense, "--shape", "x=2x4", "--node", "p*", "--json"]).json()
        let nodes = try #require(all["nodes"] as? [[String: Any]])
        #expect(nodes.compactMap { ($0["node"] as? [String: Any])?["name"] as? String } == ["product", "positive"])
        let none = try Tool.run(["explain", dense, "--shape", "x=2x4", "--node", "prod"])
        #expect(none.code == 2)
        #expect(none.errorLines.first?.contains("'prod'") == true)
        #expect(none.errors.contains("product"))
    }

    @Test func counterfactualsAndTheCourseAreInTheDocument() throws {
        let report = try Tool.run(["explain", dense, "--shape", "x=2x4", "--provider", "cpu", "--json"]).json()
        let plan = try #require(report["plan"] as? [String: Any])
        #expect(plan["counterfactuals"] as? [Any] != nil)
        let timeline = try #require(plan["timeline"] as? [String: Any])
        let segments = try #require(timeline["segments"] as? [[String: Any]])
        #expect(segments.first?["nodes"] as? [Int] == [0, 1])
    }

    private static let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What a headless browser makes of a page, and what it complains about.
    private func load(_ page: String, _ folder: String) throws -> (document: String, complaints: [String]) {
        let browser = try #require(Self.browser)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: browser)
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr",
            "--user-data-dir=\(folder)/profile", "--dump-dom", "file://\(page)",
        ]
        for name in ["out", "err"] {
            _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
        }
        process.standardOutput = FileHandle(forWritingAtPath: folder + "/out")
        process.standardError = FileHandle(forWritingAtPath: folder + "/err")
        try process.run()
        process.waitUntilExit()
        let errors = try String(contentsOfFile: folder + "/err", encoding: .utf8)
        return (
            try String(contentsOfFile: folder + "/out", encoding: .utf8),
            errors.split(separator: "\n").filter { $0.contains("CONSOLE") }.map(String.init)
        )
    }

    @Test(.enabled("needs Chromium") { browser != nil }, arguments: ["yolo11n", "minilm-ts"])
    func aBrowserShowsTheLanes(_ name: String) throws {
        let model = "\(Tool.root)/.models/\(name)"
        // The models are not part of the package.
        guard FileManager.default.fileExists(atPath: model) else { return }
        try Tool.withFolder { folder in
            let html = folder + "/plan.html"
            let result = try Tool.run([
                "explain", model + "/model.onnx", "--test-data", model + "/test_data_set_0", "--html", html,
            ])
            #expect(result.code == 0)
            let (document, complaints) = try load(html, folder)
            #expect(complaints.isEmpty)
            #expect(document.contains("class=\"lane\" data-device=\""))
            #expect(document.contains("class=\"bar\""))
            // The script has counted the rows.
            let rows = document.components(separatedBy: "<tr data-segment=").count - 1
            #expect(rows > 100)
            #expect(document.contains(">\(rows) of \(rows) nodes<"))
        }
    }
}
