import BlockedProvider
import WeftCommand

WeftTool.start(providers: [BlockedProvider(), TwinProvider()])
