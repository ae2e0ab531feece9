using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Cluster;

/// <summary>The parts of the Kubernetes API that tell of Deployments and of the events about them.</summary>
internal sealed class ClusterApi(WorldState world) : ISandboxApi
{
    public Task HandleAsync(HttpContext context)
    {
        if (!ApiToken.IsBearer(context, world.Secrets.ClusterToken)) return StatusAsync(context, StatusCodes.Status401Unauthorized, "Unauthorized");
        if (!HttpMethods.IsGet(context.Request.Method)) return StatusAsync(context, StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed");
        JsonObject? answer;
        lock (world.Lock)
        {
            var cluster = world.Cluster;
            answer = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
            {
                ["apis", "apps", "v1", "namespaces", SandboxDeployment.Namespace, "deployments"] =>
                    ClusterJson.List("apps/v1", "DeploymentList", cluster.Version, cluster.Deployments.Select(ClusterJson.Deployment)),
                ["apis", "apps", "v1", "namespaces", SandboxDeployment.Namespace, "deployments", var name] =>
                    cluster.Deployments.FirstOrDefault(d => d.Name == name) is { } deployment ? ClusterJson.Deployment(deployment) : null,
                ["api", "v1", "namespaces", SandboxDeployment.Namespace, "events"] =>
                    ClusterJson.List("v1", "EventList", cluster.Version, cluster.Events.Select(ClusterJson.Event)),
                _ => null,
            };
        }
        return answer is null ? StatusAsync(context, StatusCodes.Status404NotFound, "NotFound") : ApiReply.JsonAsync(context, answer, contentType: "application/json");
    }

    private static Task StatusAsync(HttpContext context, int code, string reason) => ApiReply.JsonAsync(context, new JsonObject
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Failure",
        ["message"] = reason,
        ["reason"] = reason,
        ["code"] = code,
    }, code, "application/json");
}
