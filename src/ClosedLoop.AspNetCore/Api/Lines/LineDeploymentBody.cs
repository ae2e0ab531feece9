using ClosedLoop.Lines;

namespace ClosedLoop.AspNetCore.Api.Lines;

internal sealed record LineDeploymentBody(string Sha, long? Behind)
{
    public static LineDeploymentBody Of(LineDeployment deployment) => new(deployment.Sha, deployment.Behind);
}
