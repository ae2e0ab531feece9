namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>What became of an action, for the page that follows it.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="IsError">Whether it was refused.</param>
internal sealed record ActionNotice(string Text, bool IsError);
