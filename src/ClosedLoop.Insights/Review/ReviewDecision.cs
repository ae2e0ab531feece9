namespace ClosedLoop.Insights.Review;

/// <summary>A class with every rule that led to it, for one head. Another push needs another decision.</summary>
/// <param name="Head">The commit that was judged; nothing else may be merged on it.</param>
/// <param name="Class">The class.</param>
/// <param name="Rules">Every rule that was hit, the gravest first; none for green.</param>
public sealed record ReviewDecision(string Head, ReviewClass Class, IReadOnlyList<string> Rules);
