using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineTargetBody(string Environment, string Name, string Writer, IReadOnlyList<LineDeploymentBody> Running, DateTimeOffset? Since, LineAttemptBody? Attempt, LineHealthBody? Health)
{
    public static LineTargetBody Of(LineTarget target) =>
        new(target.Environment, target.Name, target.Writer.ToString(), [.. target.Running.Select(LineDeploymentBody.Of)], target.Since, LineAttemptBody.Of(target.Attempt), LineHealthBody.Of(target.Health));
}
