namespace ClosedLoop.Cli;

/// <summary>A command cannot do what it was asked; the message says what happened, where, and what to do.</summary>
internal sealed class CommandFailure : Exception
{
    public CommandFailure()
    {
    }

    public CommandFailure(string message)
        : base(message)
    {
    }

    public CommandFailure(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The exit code to end with.</summary>
    public int ExitCode { get; init; } = ExitCodes.Failed;

    /// <summary>An argument that does not work.</summary>
    public static CommandFailure Misuse(string message) => new(message) { ExitCode = ExitCodes.Misused };
}
