using System.Text;
using Spectre.Console;

namespace ClosedLoop.Cli.Showing;

/// <summary>An output whose width is known; Spectre would ask the console, which a pipe has none of.</summary>
internal sealed class FixedWidthOutput(TextWriter writer, int width, bool isTerminal) : IAnsiConsoleOutput
{
    public TextWriter Writer => writer;

    public bool IsTerminal => isTerminal;

    public int Width => width;

    public int Height => 80;

    public void SetEncoding(Encoding encoding)
    {
        // The writer's own counts.
    }
}
