using System.Buffers.Text;

namespace ClosedLoop.Migration;

/// <summary>Finds the pull request that a commit's subject names, in the forms that source hosts write by themselves.</summary>
internal static class PullRequestMention
{
    /// <summary>The number, or 0.</summary>
    public static long Find(ReadOnlySpan<byte> subject, bool isMerge)
    {
        long number = Suffix(subject, "(#"u8);
        if (number > 0 || !isMerge) return number;
        number = Prefix(subject, "Merge pull request #"u8);
        if (number == 0) number = Prefix(subject, "Auto merge of #"u8);
        if (number == 0) number = Prefix(subject, "Merged PR "u8);
        return number > 0 ? number : Suffix(subject, "(pull request #"u8);
    }

    private static long Suffix(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> open)
    {
        subject = subject.TrimEnd((byte)' ');
        if (subject.IsEmpty || subject[^1] != ')') return 0;
        int at = subject.LastIndexOf((byte)'(');
        if (at < 0 || !subject[at..].StartsWith(open)) return 0;
        var digits = subject[(at + open.Length)..^1];
        return Number(digits, out int used) is var number && used == digits.Length ? number : 0;
    }

    private static long Prefix(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> prefix) =>
        subject.StartsWith(prefix) ? Number(subject[prefix.Length..], out _) : 0;

    private static long Number(ReadOnlySpan<byte> text, out int used)
    {
        used = 0;
        if (text.IsEmpty || !char.IsAsciiDigit((char)text[0])) return 0;
        return Utf8Parser.TryParse(text, out long number, out used) && number > 0 ? number : 0;
    }
}
