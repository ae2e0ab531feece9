using Spectre.Console;

namespace ClosedLoop.Samples.Watcher;

/// <summary>The two consoles; without colours where a file or pipe reads along.</summary>
internal static class WatcherConsole
{
    public static IAnsiConsole Output() => Create(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Error() => Create(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Create(TextWriter writer, bool redirected) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
        ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        Out = new AnsiConsoleOutput(writer),
    });
}
