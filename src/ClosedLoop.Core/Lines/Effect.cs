using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>What a commit does to a change: brings it onto the line, or takes it away.</summary>
/// <param name="Adds">Whether it brings the change.</param>
/// <param name="How">How it is known: <c>landing</c>, or the <see cref="FactAttributes.How"/> of the revert or equivalence.</param>
/// <param name="Branch">The branch on which it landed, when a source said so.</param>
/// <param name="At">When.</param>
internal sealed record Effect(bool Adds, string How, string? Branch, DateTimeOffset At)
{
    public const string Landing = "landing";
    public const string Lost = "lost";

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{(Adds ? '+' : '-')}\t{How}\t{Branch}\t{At.UtcTicks}");

    public static Effect Read(string value)
    {
        string[] parts = value.Split('\t');
        return new Effect(parts[0] == "+", parts[1], parts[2].Length == 0 ? null : parts[2], new DateTimeOffset(long.Parse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero));
    }
}
