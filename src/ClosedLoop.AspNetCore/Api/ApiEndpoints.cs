using ClosedLoop.AspNetCore.Access;
using ClosedLoop.AspNetCore.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.AspNetCore.Api;

/// <summary>The addresses of the API.</summary>
internal sealed class ApiEndpoints(ApiAccess access, ItemReads reads, ItemWrites writes, ILogger<ApiEndpoints> logger)
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];

    public void Map(IEndpointRouteBuilder group)
    {
        MapReads(group, "/items", reads.ListAsync);
        MapWrites(group, "/items", writes.OpenAsync);
        MapReads(group, "/items/{id}", reads.GetAsync);
        MapReads(group, "/items/{id}/transitions", reads.TransitionsAsync);
        MapReads(group, "/items/{id}/diagram", reads.DiagramAsync);
        MapWrites(group, "/items/{id}/facts", writes.RecordAsync);
        MapWrites(group, "/items/{id}/links", writes.LinkAsync);
        MapReads(group, "/board", reads.BoardAsync);
        MapReads(group, "/quarantine", reads.QuarantineAsync, ReaderOrWriter.Writer);
        MapOthers(group, "/items", "GET, HEAD, POST");
        foreach (string pattern in (string[])["/items/{id}", "/items/{id}/transitions", "/items/{id}/diagram", "/board", "/quarantine"]) MapOthers(group, pattern, "GET, HEAD");
        foreach (string pattern in (string[])["/items/{id}/facts", "/items/{id}/links"]) MapOthers(group, pattern, "POST");
    }

    private void MapReads(IEndpointRouteBuilder group, string pattern, Func<HttpContext, Caller, ValueTask<Answer>> handler, ReaderOrWriter required = ReaderOrWriter.Reader) =>
        group.MapMethods(pattern, Read, Endpoint(required, handler));

    private void MapWrites(IEndpointRouteBuilder group, string pattern, Func<HttpContext, Caller, ValueTask<Answer>> handler) =>
        group.MapMethods(pattern, Write, Endpoint(ReaderOrWriter.Writer, handler));

    // Routing's own answer to another method has no body; endpoints without methods come after those with.
    private void MapOthers(IEndpointRouteBuilder group, string pattern, string allow) =>
        group.Map(pattern, SafeEndpoint.Of(logger, _ => new ValueTask<Answer>(Problem.MethodNotAllowed(allow))));

    private RequestDelegate Endpoint(ReaderOrWriter required, Func<HttpContext, Caller, ValueTask<Answer>> handler) => SafeEndpoint.Of(logger, context =>
    {
        var caller = access.Identify(context);
        return access.Refuse(caller, required) is { } refusal ? new ValueTask<Answer>(refusal) : handler(context, caller);
    });
}
