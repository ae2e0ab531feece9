using System.Text.Json.Serialization.Metadata;
using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Http;

namespace ClosedLoop.AspNetCore.Api.Operations;

/// <summary>One address and method of the API: what is mapped, and what the OpenAPI document says of it. Both come from here, so that neither can be forgotten.</summary>
internal sealed record ApiOperation
{
    /// <summary>GET, which also answers HEAD, or POST.</summary>
    public required string Method { get; init; }

    /// <summary>The route below the API's prefix, such as <c>/items/{id}</c>.</summary>
    public required string Pattern { get; init; }

    /// <summary>A name that generated clients use: lower camel case, unique.</summary>
    public required string Id { get; init; }

    /// <summary>One sentence.</summary>
    public required string Summary { get; init; }

    public required Func<HttpContext, Caller, ValueTask<Answer>> Handler { get; init; }

    public ReaderOrWriter Required { get; init; }

    public IReadOnlyList<ApiParameter> Query { get; init; } = [];

    /// <summary>The JSON that is taken; null for none.</summary>
    public JsonTypeInfo? Body { get; init; }

    public required IReadOnlyList<ApiResponse> Responses { get; init; }

    /// <summary>Statuses of problems beside those that every operation can answer with.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];

    public bool IsRead => HttpMethods.IsGet(Method);

    public static ApiOperation Get(string pattern, string id, string summary, Func<HttpContext, Caller, ValueTask<Answer>> handler, JsonTypeInfo type, params int[] problems) => new()
    {
        Method = HttpMethods.Get,
        Pattern = pattern,
        Id = id,
        Summary = summary,
        Handler = handler,
        Responses = [new ApiResponse(200, summary, type)],
        Problems = problems,
    };

    public static ApiOperation Post(string pattern, string id, string summary, Func<HttpContext, Caller, ValueTask<Answer>> handler, JsonTypeInfo body, IReadOnlyList<ApiResponse> responses, params int[] problems) => new()
    {
        Method = HttpMethods.Post,
        Pattern = pattern,
        Id = id,
        Summary = summary,
        Handler = handler,
        Required = ReaderOrWriter.Writer,
        Body = body,
        Responses = responses,
        Problems = [400, 413, 415, .. problems],
    };
}
