using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>The cluster's API with the custom resources of a GitOps controller beside the cluster's own.</summary>
internal sealed class CustomResourceApi(WorldState world, GitOpsObjects objects, ISandboxApi cluster) : ISandboxApi
{
    // Flux has both, and this one of them is used.
    private const string HelmReleases = "helm.toolkit.fluxcd.io/v2/helmreleases";

    public Task HandleAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is not ["apis", var group, var version, .. var rest] || !HttpMethods.IsGet(context.Request.Method) || !ApiToken.IsBearer(context, world.Secrets.ClusterToken)) return cluster.HandleAsync(context);
        var (space, resource) = rest is ["namespaces", var name, .. var inside] ? (name, inside) : (null, rest);
        if (resource is not [var plural, ..]) return cluster.HandleAsync(context);
        var view = objects.View;
        bool isOwn = $"{group}/{version}" == view.Resource.GroupVersion && plural == view.Resource.Plural;
        if (!isOwn && (view is not FluxView || $"{group}/{version}/{plural}" != HelmReleases)) return cluster.HandleAsync(context);
        JsonObject? answer;
        lock (world.Lock)
        {
            var found = isOwn && (space is null || space == view.Namespace) ? objects.All : [];
            answer = resource is [_, var one] ? found.FirstOrDefault(o => o.Name == one) is { } item ? view.Object(item) : null : new JsonObject
            {
                ["apiVersion"] = $"{group}/{version}",
                ["kind"] = isOwn ? view.ListKind : "HelmReleaseList",
                ["metadata"] = new JsonObject { ["resourceVersion"] = objects.Version.ToString(CultureInfo.InvariantCulture), ["continue"] = "" },
                ["items"] = new JsonArray([.. found.Select(view.Object)]),
            };
        }
        return answer is null ? cluster.HandleAsync(context) : ApiReply.JsonAsync(context, answer, contentType: "application/json");
    }
}
