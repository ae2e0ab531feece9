using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ClosedLoop.LoadRig.Ingest;

namespace ClosedLoop.LoadRig.History;

/// <summary>A text of a merge's row, with holes where another merge has other names and other times.</summary>
internal sealed class CopiedText
{
    private readonly List<(string Text, Func<Copy, string>? Hole)> _parts = [];

    private CopiedText()
    {
    }

    /// <summary>Whether it names the merge; else the row is not the merge's own.</summary>
    public bool HasName { get; private set; }

    /// <summary>Finds the holes in a text of merge <paramref name="number"/>, whose pull request was opened at <paramref name="opened"/>.</summary>
    public static CopiedText Of(string text, int number, DateTimeOffset opened)
    {
        string pattern = $@"(?<sha>{MergeSignals.Sha(number)})|(?<digest>{MergeSignals.Digest(number)})|(?<iso>\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00)|(?<ordinal>8[0-9A-F]{{15}})|(?<ticks>(?<!\d)6\d{{17}}(?!\d))|(?<milliseconds>(?<!\d)1\d{{12}}(?!\d))|(?<number>(?<!\d){number}(?!\d))";
        var copied = new CopiedText();
        int at = 0;
        foreach (Match match in Regex.Matches(text, pattern))
        {
            var hole = HoleOf(match, opened);
            if (hole is null) continue;
            copied.HasName |= match.Groups["sha"].Success || match.Groups["digest"].Success || match.Groups["number"].Success;
            copied._parts.Add((text[at..match.Index], hole));
            at = match.Index + match.Length;
        }
        copied._parts.Add((text[at..], null));
        return copied;
    }

    public string For(Copy copy)
    {
        if (_parts.Count == 1) return _parts[0].Text;
        var text = new StringBuilder();
        foreach (var (part, hole) in _parts)
        {
            text.Append(part);
            if (hole is not null) text.Append(hole(copy));
        }
        return text.ToString();
    }

    /// <summary>Whether an instant is one of the merge's own, and not of the machine's clock.</summary>
    public static bool IsOwn(DateTimeOffset instant, DateTimeOffset opened) => instant >= opened && instant < opened.AddDays(30);

    private static Func<Copy, string>? HoleOf(Match match, DateTimeOffset opened)
    {
        if (match.Groups["sha"].Success) return static c => c.Sha;
        if (match.Groups["digest"].Success) return static c => c.Digest;
        if (match.Groups["number"].Success) return static c => c.NumberText;
        if (match.Groups["iso"].Success) return Own(DateTimeOffset.Parse(match.Value, CultureInfo.InvariantCulture), static i => i.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));
        if (match.Groups["ticks"].Success) return Own(new DateTimeOffset(long.Parse(match.Value, CultureInfo.InvariantCulture), TimeSpan.Zero), static i => i.UtcTicks.ToString(CultureInfo.InvariantCulture));
        // Whole milliseconds: what is cut off is the same part of both instants only if it is added before.
        long milliseconds = match.Groups["ordinal"].Success ? (long)(ulong.Parse(match.Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) ^ (1UL << 63)) : long.Parse(match.Value, CultureInfo.InvariantCulture);
        if (milliseconds is < 0 or > 4_000_000_000_000) return null;
        long cut = opened.UtcTicks % TimeSpan.TicksPerMillisecond;
        return Own(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).AddTicks(cut), match.Groups["ordinal"].Success
            ? static i => ((ulong)i.ToUnixTimeMilliseconds() ^ (1UL << 63)).ToString("X16", CultureInfo.InvariantCulture)
            : static i => i.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

        Func<Copy, string>? Own(DateTimeOffset instant, Func<DateTimeOffset, string> write) => IsOwn(instant, opened) ? copy => write(instant + copy.Later) : null;
    }
}
