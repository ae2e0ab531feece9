using ClosedLoop.AspNetCore.Dashboard.Rendering;

namespace ClosedLoop.AspNetCore.Dashboard.Actions;

/// <summary>What became of a form.</summary>
/// <param name="Taken">The action that was taken; null when none was.</param>
/// <param name="Back">The page that it was sent from, as the form says.</param>
/// <param name="Refusal">The page that says why nothing was changed; null when something was.</param>
internal sealed record ActionResult(string? Taken, string? Back, Page? Refusal);
