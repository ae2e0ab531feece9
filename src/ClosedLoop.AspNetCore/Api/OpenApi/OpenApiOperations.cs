using System.Reflection;
using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.AspNetCore.Api.OpenApi;

/// <summary>Answers with the document of all operations, this one included.</summary>
internal sealed class OpenApiOperations(IServiceProvider services) : IApiOperations
{
    private const string Pattern = "/openapi.json";

    private static readonly string Version = typeof(OpenApiOperations).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public IReadOnlyList<ApiOperation> Operations =>
    [
        ApiOperation.Get(Pattern, "getOpenApi", "This document, OpenAPI 3.1.", DocumentAsync, ApiJson.Default.ProblemBody) with
        {
            Responses = [new ApiResponse(200, "The document.", null)],
        },
    ];

    /// <summary>The document as JSON text.</summary>
    /// <param name="server">Where the API is mapped, such as <c>/api</c>.</param>
    public string Document(string server)
    {
        // Only now: this is itself one of them.
        var all = services.GetServices<IApiOperations>().SelectMany(static p => p.Operations).ToList();
        return OpenApiWriter.Write(all, server, Version).ToJsonString();
    }

    private ValueTask<Answer> DocumentAsync(HttpContext context, Caller caller)
    {
        string path = context.Request.PathBase.Add(context.Request.Path).ToUriComponent().TrimEnd('/');
        string server = path.EndsWith(Pattern, StringComparison.OrdinalIgnoreCase) ? path[..^Pattern.Length] : path;
        return new(new TextAnswer(Document(server.Length == 0 ? "/" : server), "application/json; charset=utf-8"));
    }
}
