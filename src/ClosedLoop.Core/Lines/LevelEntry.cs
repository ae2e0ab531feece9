using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>One thing that a level series said: at this ordinal, these commits run there, or are as healthy as this.</summary>
internal sealed record LevelEntry(string Ordinal, string Register, GateStatus Status, Reason Reason, DateTimeOffset At, ImmutableArray<string> Commits)
{
    /// <summary>Whether it says what runs: a rollout that is complete, or a mix of old and new that serves now, or that the target is gone.</summary>
    public bool SaysWhatRuns => Status is GateStatus.Passed or GateStatus.NotApplicable || (Status == GateStatus.Running && Commits.Length > 1);

    public static bool MayRun(EvidenceRow row) => row.Status is GateStatus.Passed or GateStatus.Running;

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{(int)Status}\t{(int)Reason}\t{At.UtcTicks}\t{string.Join(',', Commits)}");

    public static LevelEntry Read(string prefix, IndexEntry row)
    {
        string key = row.Key[prefix.Length..];
        int tab = key.IndexOf('\t', StringComparison.Ordinal);
        string[] value = row.Value.Split('\t');
        return new LevelEntry(
            key[..tab],
            key[(tab + 1)..],
            (GateStatus)int.Parse(value[0], NumberStyles.None, CultureInfo.InvariantCulture),
            (Reason)int.Parse(value[1], NumberStyles.None, CultureInfo.InvariantCulture),
            new DateTimeOffset(long.Parse(value[2], NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero),
            [.. value[3].Split(',', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
