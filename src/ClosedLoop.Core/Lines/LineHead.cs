using System.Globalization;

namespace ClosedLoop.Lines;

/// <summary>Where a line stands.</summary>
/// <param name="Commit">The newest commit that a source named.</param>
/// <param name="At">When.</param>
/// <param name="Known">The newest one of these whose history was known; changes are judged by it.</param>
internal sealed record LineHead(string Commit, DateTimeOffset At, string? Known)
{
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{Commit}\t{At.UtcTicks}\t{Known}");

    public static LineHead Read(string value)
    {
        string[] parts = value.Split('\t');
        return new LineHead(parts[0], new DateTimeOffset(long.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero), parts[2].Length == 0 ? null : parts[2]);
    }
}
