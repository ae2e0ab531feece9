using System.Globalization;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Judging;

/// <summary>Says what would release an item from the gate that holds it up. Pure.</summary>
internal static class ReleaseText
{
    private const int ShortSha = 7;

    public static string OfAbandoned(ItemBody item) => $"one of its changes is opened again, or a new change names {item.Id}.";

    public static string OfUnknown(ItemBody item) => $"anything that is observed of it: a branch or pull request that names {item.Id}, or one that is linked to it.";

    public static string Of(ItemBody item, GateBody gate) => gate.Reason switch
    {
        "blind" => "its source answers again; until then nothing is known, and its clocks stand still.",
        "misconfigured" => "somebody corrects how its source is set up: as it is, the gate can never pass.",
        "awaitingApproval" => "a person approves it at its source.",
        "draft" => "the change is marked as ready for review.",
        "vetoed" => $"a version without the one that was marked bad is rolled out with {Landing(item)}, or the mark is taken back.",
        "soaking" when gate.SettlesAt is { } at => $"it stays healthy until {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC.",
        _ => ByGate(item, gate),
    };

    private static string ByGate(ItemBody item, GateBody gate) => gate.Name switch
    {
        Gates.PrOpened => $"a pull request that names {item.Id} in its branch or title, or one that is linked to it.",
        Gates.Reviewed when gate.Status == "failed" => "the reviewer who asked for changes approves, or the review is dismissed.",
        Gates.Reviewed => $"an approval of {Changes(item)}.",
        Gates.Merged when gate.Status == "failed" || gate.Reason is "regressed" or "lost" => $"the change lands again on {Line(item)}: what it brought is not there any more.",
        Gates.Merged => $"{Changes(item)} {(item.Changes.Count > 1 ? "are" : "is")} merged into {Line(item)}.",
        Gates.MainCi => $"a green build of {Line(item)} at or after {Landing(item)}.",
        Gates.ImageBuilt => $"an image of {Line(item)} at or after {Landing(item)} in the registry.",
        Gates.RolledOut => $"the environment runs an image that contains {Landing(item)}, at every target.",
        Gates.Healthy => $"a check that passes after the rollout of {Landing(item)}, at every target.",
        _ when gate.RefusedWriters.Count > 0 => $"a pass of {gate.Name} from a writer that may write it; {string.Join(", ", gate.RefusedWriters)} may not.",
        _ => $"a pass of {gate.Name} from one of its writers.",
    };

    private static string Changes(ItemBody item)
    {
        var open = item.Changes.Where(static c => !c.Abandoned).Select(static c => c.Change).ToList();
        return open.Count switch
        {
            0 => "its pull request",
            <= 3 => string.Join(", ", open.Select(Name)),
            _ => $"all of its {open.Count} changes",
        };
    }

    // The newest landing: what is built before it does not contain all of the item.
    private static string Landing(ItemBody item)
    {
        string? landing = item.Changes.Where(static c => !c.Abandoned).SelectMany(static c => c.Landings).LastOrDefault();
        int at = landing?.IndexOf('@', StringComparison.Ordinal) ?? -1;
        if (at < 0) return "its landing";
        string sha = landing![(at + 1)..];
        return sha.Length > ShortSha ? sha[..ShortSha] : sha;
    }

    private static string Line(ItemBody item)
    {
        var lines = item.Changes.SelectMany(static c => c.Lines ?? []).Distinct(StringComparer.Ordinal).Select(Name).ToList();
        return lines.Count == 0 ? "the target branch" : string.Join(" and ", lines.Take(3));
    }

    // pr:acme/web#12 is acme/web#12, branch:acme/web@main is main of acme/web: as people write them.
    private static string Name(string text)
    {
        if (!Key.TryParse(text, out var key)) return text;
        int at = key.Value.IndexOf('@', StringComparison.Ordinal);
        return key.Scheme == KeySchemes.Branch && at > 0 ? $"{key.Value[(at + 1)..]} of {key.Value[..at]}" : key.Value;
    }
}
