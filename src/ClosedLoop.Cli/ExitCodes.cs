namespace ClosedLoop.Cli;

/// <summary>The exit codes, which scripts rely on; docs/cli.md lists them.</summary>
internal static class ExitCodes
{
    /// <summary>The item is done, or the command did what it was asked.</summary>
    public const int Done = 0;

    /// <summary>The command could not do it: unknown item, no record, refused.</summary>
    public const int Failed = 1;

    /// <summary>The command line does not work.</summary>
    public const int Misused = 2;

    /// <summary>The item is not done; nothing is late and nothing went back.</summary>
    public const int Waiting = 3;

    /// <summary>The item is not done and one of its limits has run out.</summary>
    public const int Overdue = 4;

    /// <summary>A gate that the item needs had passed and no longer holds.</summary>
    public const int Regressed = 5;

    /// <summary>All changes of the item were closed without being merged.</summary>
    public const int Abandoned = 6;

    /// <summary>It was stopped, as shells say it of Ctrl-C.</summary>
    public const int Stopped = 130;
}
