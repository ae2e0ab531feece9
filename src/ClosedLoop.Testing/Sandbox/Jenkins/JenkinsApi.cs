using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.Testing.Sandbox.Jenkins;

/// <summary>Jenkins' JSON API for jobs and builds. Of <c>tree</c> it reads only which list is asked for and its slice.</summary>
internal sealed partial class JenkinsApi(WorldState world) : ISandboxApi
{
    private const int NewestBuilds = 100;
    private const int RegexTimeoutMilliseconds = 1_000;

    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["X-Jenkins"] = "2.462.1";
        string[] path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is ["job", var watched, var number] && FindPage(watched, number) is { } page)
        {
            await ApiReply.PageAsync(context, page).ConfigureAwait(false);
            return;
        }
        if (!ApiToken.IsBasic(context, world.Secrets.JenkinsUser, world.Secrets.JenkinsToken) && !ApiToken.IsBearer(context, world.Secrets.JenkinsToken))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Jenkins\"";
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        JsonObject? answer = null;
        if (HttpMethods.IsGet(context.Request.Method) && path is ["job", var job, .., "api", "json"])
        {
            lock (world.Lock)
            {
                if (world.Jenkins.TryFind(job, out var builds))
                    answer = path.Length == 4 ? Job(job, builds, context.Request.Query["tree"].ToString()) : path.Length == 5 ? Build(builds, path[2]) : null;
            }
        }
        if (answer is null) context.Response.StatusCode = StatusCodes.Status404NotFound;
        else await ApiReply.JsonAsync(context, answer, contentType: "application/json;charset=utf-8").ConfigureAwait(false);
    }

    private JsonObject? FindPage(string job, string number)
    {
        lock (world.Lock) return world.Jenkins.TryFind(job, out var builds) ? Build(builds, number) : null;
    }

    private JsonObject Job(string job, IReadOnlyList<JenkinsBuild> builds, string tree)
    {
        bool all = tree.StartsWith("allBuilds", StringComparison.Ordinal);
        int from = 0, to = int.MaxValue;
        if (Slice().Match(tree) is { Success: true } slice)
        {
            from = int.Parse(slice.Groups["from"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
            to = int.Parse(slice.Groups["to"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        if (!all) to = Math.Min(to, NewestBuilds);
        var chosen = builds.Reverse().Skip(from).Take(Math.Max(0, to - from)).Select(b => (JsonNode?)JenkinsJson.Build(world.Jenkins, b));
        return new JsonObject
        {
            ["_class"] = "org.jenkinsci.plugins.workflow.job.WorkflowJob",
            ["name"] = job,
            ["fullName"] = job,
            ["url"] = $"{world.Jenkins.Address}job/{job}/",
            ["color"] = Color(builds),
            ["inQueue"] = false,
            ["nextBuildNumber"] = builds.Count + 1,
            ["lastBuild"] = Last(builds, static _ => true),
            ["lastCompletedBuild"] = Last(builds, static b => !b.IsBuilding),
            ["lastStableBuild"] = Last(builds, static b => b.Result == "SUCCESS"),
            [all ? "allBuilds" : "builds"] = new JsonArray([.. chosen]),
        };
    }

    private JsonObject? Build(IReadOnlyList<JenkinsBuild> builds, string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1 && n <= builds.Count ? JenkinsJson.Build(world.Jenkins, builds[n - 1]) : null;

    private static string Color(IReadOnlyList<JenkinsBuild> builds)
    {
        string color = builds.LastOrDefault(static b => !b.IsBuilding)?.Result switch { "SUCCESS" => "blue", "FAILURE" => "red", "ABORTED" => "aborted", _ => "notbuilt" };
        return builds.Count > 0 && builds[^1].IsBuilding ? color + "_anime" : color;
    }

    private static JsonObject? Last(IReadOnlyList<JenkinsBuild> builds, Func<JenkinsBuild, bool> which) =>
        builds.LastOrDefault(which) is { } build ? new JsonObject { ["number"] = build.Number } : null;

    [GeneratedRegex(@"\{(?<from>\d{1,9}),(?<to>\d{1,9})\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, RegexTimeoutMilliseconds)]
    private static partial Regex Slice();
}
