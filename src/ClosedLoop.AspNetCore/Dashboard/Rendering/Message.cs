namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>What a page without data says.</summary>
/// <param name="Text">What happened and what to do.</param>
internal sealed record Message(string Text);
