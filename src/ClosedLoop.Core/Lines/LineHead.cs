using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>
/// Where a line stands: what sources said of it, newest first, back to the newest commit whose history is known. What is said late counts like what is said in time, so
/// that the head by which changes are judged does not depend on which was heard first.
/// </summary>
/// <param name="Heard">What was said; not empty.</param>
/// <param name="IsKnown">Whether the history of the last of them is known; of the others it is not.</param>
internal sealed record LineHead(ImmutableArray<HeardHead> Heard, bool IsKnown)
{
    // A line of which nobody tells the history is not remembered for ever.
    private const int MostHeard = 100;

    /// <summary>The newest commit that a source named.</summary>
    public string Commit => Heard[0].Commit;

    /// <summary>When.</summary>
    public DateTimeOffset At => Heard[0].At;

    /// <summary>The newest one of these whose history is known; changes are judged by it.</summary>
    public string? Known => IsKnown ? Heard[^1].Commit : null;

    public static LineHead Of(HeardHead first) => new([first], false);

    /// <summary>The same when it is older than what is known, or was heard before.</summary>
    public LineHead With(HeardHead heard)
    {
        int place = 0;
        while (place < Heard.Length && Heard[place].CompareTo(heard) > 0) place++;
        if (place < Heard.Length ? Heard[place] == heard : IsKnown || place >= MostHeard) return this;
        var all = Heard.Insert(place, heard);
        return this with { Heard = all.Length > MostHeard ? all.RemoveAt(all.Length - (IsKnown ? 2 : 1)) : all };
    }

    /// <summary>One of them became known: what is older says nothing any more.</summary>
    public LineHead KnownFrom(int place) => new(Heard[..(place + 1)], true);

    public string Write()
    {
        var text = new StringBuilder(IsKnown ? "1" : "0");
        foreach (var heard in Heard) text.Append(CultureInfo.InvariantCulture, $"\t{heard.Commit}\t{heard.At.UtcTicks}\t{heard.Ordinal.Major}\t{heard.Ordinal.Minor}\t{heard.Ordinal.Rank}");
        return text.ToString();
    }

    public static LineHead Read(string value)
    {
        string[] parts = value.Split('\t');
        var heard = ImmutableArray.CreateBuilder<HeardHead>();
        for (int i = 1; i < parts.Length; i += 5) heard.Add(new HeardHead(parts[i], new DateTimeOffset(Number(parts[i + 1]), TimeSpan.Zero), new Ordinal(Number(parts[i + 2]), Number(parts[i + 3]), (int)Number(parts[i + 4]))));
        return new LineHead(heard.ToImmutable(), parts[0] == "1");
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
