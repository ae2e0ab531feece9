namespace ClosedLoop.AspNetCore.Api;

/// <summary>A part of the log; <c>Next</c> is what to pass as <c>after</c> to go on, or as <c>before</c> when the newest come first.</summary>
internal sealed record TransitionPageBody(IReadOnlyList<TransitionBody> Transitions, long Next);
