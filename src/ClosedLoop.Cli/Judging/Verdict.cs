using System.Text.Json.Serialization;

namespace ClosedLoop.Cli.Judging;

/// <summary>Where an item stands, in one word; each has an exit code of its own.</summary>
[JsonConverter(typeof(VerdictConverter))]
internal enum Verdict
{
    /// <summary>Every gate of the DONE definition holds.</summary>
    Done = ExitCodes.Done,

    /// <summary>Not done; nothing is late and nothing went back.</summary>
    Waiting = ExitCodes.Waiting,

    /// <summary>Not done, and a limit has run out.</summary>
    Overdue = ExitCodes.Overdue,

    /// <summary>Not done, and a gate that it needs had passed before.</summary>
    Regressed = ExitCodes.Regressed,

    /// <summary>All its changes were closed without being merged.</summary>
    Abandoned = ExitCodes.Abandoned,
}
