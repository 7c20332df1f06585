import Foundation
import Testing
import WeftGraph
import WeftProvider

@testable import WeftONNX

private func model(_ entries: [(String, String)]) -> [UInt8] {
    ModelBytes.model { $0.tensor("w") { $0.external(entries) } }
}

@Suite struct ExternalDataTests {
    @Test func bytesAreFoundByOffsetAndLength() throws {
        try withTemporaryFolder { folder in
            var data = [UInt8](repeating: 0, count: 4)
            for value in [Float(1.5), -2] { withUnsafeBytes(of: value) { data += $0 } }
            try writeFile(folder + "w.bin", data)
            try writeFile(folder + "model.onnx", model([("location", "w.bin"), ("offset", "4"), ("length", "8")]))
            let graph = try Model(contentsOf: folder + "model.onnx").graph
            #expect(try graph.constant("w")?.tensor().array() == [Float(1.5), -2])
            let whole = try Model(bytes: model([("location", "./w.bin"), ("offset", "4")]), folder: folder).graph
            #expect(try whole.constant("w")?.tensor().array() == [Float(1.5), -2])
        }
    }

    @Test func nothingOutsideTheFolderIsOpened() throws {
        try withTemporaryFolder { outer in
            let folder = outer + "model/"
            let files = FileManager.default
            try files.createDirectory(atPath: folder + "sub", withIntermediateDirectories: true)
            let eight = [UInt8](repeating: 0, count: 8)
            try writeFile(outer + "secret", eight)
            try writeFile(outer + "model-secret", eight)
            try writeFile(folder + "sub/inside", eight)
            try files.createSymbolicLink(atPath: folder + "link", withDestinationPath: outer + "secret")
            try files.createSymbolicLink(atPath: folder + "up", withDestinationPath: "..")
            try files.createSymbolicLink(atPath: folder + "fine", withDestinationPath: "sub/inside")
            for location in ["../secret", "sub/../../secret", "\(outer)secret", "link", "up/secret", "up/model-secret"]
            {
                let error = try #require(loadError(model([("location", location)]), folder: folder), "\(location)")
                #expect(error.message == "external data '\(location)' of tensor 'w' leaves the model's folder")
                #expect(error.code == .invalidModel)
            }
            for location in ["sub/inside", "fine"] {
                #expect(loadError(model([("location", location)]), folder: folder) == nil, "\(location)")
            }
        }
    }

    @Test func addressesThatLeadNowhereAreNamed() throws {
        try withTemporaryFolder { folder in
            try writeFile(folder + "w.bin", [UInt8](repeating: 0, count: 8))
            func error(_ entries: [(String, String)]) -> String? { loadError(model(entries), folder: folder)?.message }
            #expect(error([]) == "tensor 'w' is external but names no file")
            #expect(
                error([("location", "gone.bin")])?.hasPrefix("external data 'gone.bin' of tensor 'w' is missing")
                    == true)
            #expect(
                error([("location", "w.bin"), ("length", "4")]) == "tensor 'w' needs 8 bytes, its external data has 4")
            #expect(
                error([("location", "w.bin"), ("offset", "1")])
                    == "tensor 'w' lies at bytes 1 to 9 of 'w.bin', which has 8")
            for bad in ["-1", "x", "99999999999999999999", ""] {
                #expect(
                    error([("location", "w.bin"), ("offset", bad)])
                        == "tensor 'w' has external offset '\(bad)', which is no byte count")
            }
            #expect(
                error([("location", "w.bin"), ("offset", "9223372036854775807")])?.contains("lies at bytes") == true)
            #expect(error([("location", "a\0b")])?.contains("is not a file name") == true)
            #expect(error([("location", ".")])?.contains("leaves the model's folder") == true)
            #expect(
                loadError(model([("location", "w.bin")]))?.message.contains("given as bytes, without a folder") == true)
        }
    }
}
