namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>kubectl's verdict on a rollout.</summary>
/// <param name="State">The verdict.</param>
/// <param name="Message">kubectl's own sentence, without <c>error: </c> and without the line break.</param>
/// <param name="IsUnsupported">The update strategy has no rollout that could be followed: kubectl's error then is none of the rollout.</param>
internal readonly record struct RolloutStatus(RolloutState State, string Message, bool IsUnsupported = false);
