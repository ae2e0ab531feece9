using System.Globalization;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>Writes a history so that a person can read it: minutes instead of instants, c12 instead of 40 digits.</summary>
internal static class Words
{
    /// <summary>The commit id of the n-th commit of a world.</summary>
    public static string Sha(int number) => number.ToString("x8", CultureInfo.InvariantCulture).PadRight(40, '0');

    public static string Minute(DateTimeOffset at) => (at - Given.Start).TotalMinutes.ToString(CultureInfo.InvariantCulture);

    public static string Short(Key key)
    {
        string text = key.Value.Replace("acme/", "", StringComparison.Ordinal);
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (!key.Is(KeySchemes.Commit) || at < 0) return text.Replace("sha256:", "", StringComparison.Ordinal);
        return $"{text[..at]}@c{int.Parse(text.AsSpan(at + 1, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture)}";
    }

    public static string Tell(Happening happening) => $"{Minute(happening.At),4}  " + happening switch
    {
        Happening.Opened h => $"{Short(h.Item)} is opened",
        Happening.Proposed h => $"{Short(h.Pr)} is proposed{(h.Item is { } item ? $" for {Short(item)}" : "")}",
        Happening.Committed h => $"{Short(h.Commit)} on {(h.Parents.Length == 0 ? "nothing" : List(h.Parents))}",
        Happening.Merged h => $"{Short(h.Change)} merges as {Short(h.Commit)}",
        Happening.Landed h => $"{Short(h.Commit)} lands on {h.Branch}{(h.Pr is { } pr ? $" for {Short(pr)}" : "")}{(h.Item is { } item ? $" for {Short(item)}" : "")}{(h.Paths is { } paths ? $" ({string.Join(", ", paths)})" : "")}",
        Happening.Reverted h => $"{Short(h.By)} {(h.Lost ? "loses" : "reverts")} {List(h.Targets)}",
        Happening.Repeated h => $"{Short(h.Commit)} on {h.Branch} has the content of {List(h.Targets)}",
        Happening.Pushed h => $"{h.Repository} {h.Branch} is at {Short(h.Head)}",
        Happening.Ran h => $"{h.Gate} {Short(h.Run)}{(h.Name is null ? "" : $" ({h.Name})")} {h.Ordinal}: {h.Status}{(h.Reason == Reason.None ? "" : $"/{h.Reason}")} of {(h.Commit is { } c ? Short(c) : "nothing known")}{(h.By is { } by ? $", by {Short(by)}" : "")}",
        Happening.Assembled h => $"image {Short(h.Platform)} belongs to {Short(h.Index)}",
        Happening.Deployed h => $"rollout {Short(h.Subject)} {h.Ordinal} to {h.Environment}/{h.Target}: {h.Status} of {List(h.Commits)}{(h.By.Length > 0 ? $", by {List(h.By)}" : "")}",
        Happening.Checked h => $"health {Short(h.Subject)} {h.Ordinal} of {h.Environment}/{h.Target}: {h.Status}{(h.Reason == Reason.None ? "" : $"/{h.Reason}")} of {Short(h.Commit)}{(h.By is { } by ? $", by {Short(by)}" : "")}",
        Happening.Judged h => $"{Short(h.Version)}, which is {Short(h.Commit)}, is {(h.Bad ? "bad" : "released")}",
        Happening.Began h => $"tracking of {h.Branch ?? h.Environment} begins at {Short(h.Commit)}",
        _ => happening.ToString(),
    };

    private static string List(IEnumerable<Key> keys) => string.Join(" + ", keys.Select(Short));
}
