namespace ClosedLoop.Adapters.Kubernetes.Actions;

/// <summary>The result of a rollback.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Message">One sentence: kubectl's own where it has one.</param>
/// <param name="Revision">The revision whose template was taken; null when there was none to take.</param>
public sealed record RollbackResult(RollbackOutcome Outcome, string Message, long? Revision = null);
