using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineAttemptBody(string Status, string Reason, DateTimeOffset At, IReadOnlyList<LineDeploymentBody> Commits)
{
    public static LineAttemptBody? Of(LineAttempt? attempt) =>
        attempt is null ? null : new(Names.Of(attempt.Status), Names.Of(attempt.Reason), attempt.At, [.. attempt.Commits.Select(LineDeploymentBody.Of)]);
}
