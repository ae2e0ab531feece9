using System.Globalization;

namespace ClosedLoop.Cli;

/// <summary>What surrounds a run of the command: streams, terminal, variables, clock. Tests give their own.</summary>
internal sealed record CliEnvironment
{
    /// <summary>The width of lines where there is no terminal: one that breaks none.</summary>
    public const int PipedWidth = 1_000;

    public required Stream Input { get; init; }

    public required TextWriter Output { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Whether a person reads the output on a terminal; else it is plain text.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The width of a line in characters.</summary>
    public int Width { get; init; } = PipedWidth;

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The folder in which a record is looked for when none is named.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Opens a stream for the protocol of agents, in place of the standard output.</summary>
    public Func<Stream>? OpenOutput { get; init; }

    /// <summary>The process's own.</summary>
    public static CliEnvironment OfProcess()
    {
        bool terminal = !Console.IsOutputRedirected;
        return new CliEnvironment
        {
            Input = Console.OpenStandardInput(),
            Output = Console.Out,
            Error = Console.Error,
            IsTerminal = terminal,
            Width = WidthOf(terminal),
            Variable = Environment.GetEnvironmentVariable,
            Folder = Directory.GetCurrentDirectory(),
            OpenOutput = Console.OpenStandardOutput,
        };
    }

    private static int WidthOf(bool terminal)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns is >= 40 and <= 1_000) return columns;
        return terminal && Console.WindowWidth is >= 40 and var width ? width : PipedWidth;
    }
}
