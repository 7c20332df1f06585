import WeftCommand

WeftTool.start()
