using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ClosedLoop.AspNetCore.Tests.OpenApi;

public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_is_valid_OpenAPI_3_1()
    {
        await using var host = await LoopHost.StartAsync();
        string text = (await host.ReadAsync("/api/openapi.json")).GetRawText();

        var read = await OpenApiDocument.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "json");

        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic!.SpecificationVersion);
        Assert.Empty(read.Diagnostic.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal("/api", read.Document!.Servers!.Single().Url);
        Assert.True(read.Document.Paths.Count >= 20);
    }

    [Fact]
    public async Task Every_route_of_the_API_is_in_the_document_and_nothing_else()
    {
        await using var host = await LoopHost.StartAsync();
        var document = await host.ReadAsync("/api/openapi.json");
        var routes = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static e => e.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(static e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Where(static m => m != "HEAD").Select(m => $"{m} {e.RoutePattern.RawText!["/api".Length..]}") ?? [])
            .Order(StringComparer.Ordinal);

        var documented = document.GetProperty("paths").EnumerateObject().SelectMany(static p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}")).Order(StringComparer.Ordinal).ToList();

        Assert.Equal(routes, documented);
        var ids = document.GetProperty("paths").EnumerateObject().SelectMany(static p => p.Value.EnumerateObject().Select(static o => o.Value.GetProperty("operationId").GetString())).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Answers_have_all_their_members_and_requests_what_they_need()
    {
        await using var host = await LoopHost.StartAsync();
        var schemas = (await host.ReadAsync("/api/openapi.json")).GetProperty("components").GetProperty("schemas");

        Assert.Equal(schemas.GetProperty("Item").GetProperty("properties").EnumerateObject().Select(static p => p.Name), Required("Item"));
        Assert.Equal(["gate", "status"], Required("RecordFactRequest"));
        Assert.Equal("#/components/schemas/Gate", schemas.GetProperty("Item").GetProperty("properties").GetProperty("gates").GetProperty("items").GetProperty("$ref").GetString());
        Assert.Equal("date-time", schemas.GetProperty("Transition").GetProperty("properties").GetProperty("recordedAt").GetProperty("format").GetString());

        IEnumerable<string?> Required(string name) => schemas.GetProperty(name).GetProperty("required").EnumerateArray().Select(static n => n.GetString());
    }

    [Fact]
    public async Task The_comparison_with_the_document_sees_what_differs()
    {
        await using var host = await LoopHost.StartAsync();
        var document = await host.ReadAsync("/api/openapi.json");
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("Parked");
        var shape = new JsonShape(document);

        Assert.Empty(shape.Differences(Json("""{"id":"a","outcome":"parked","detail":"d"}"""), schema));
        Assert.NotEmpty(shape.Differences(Json("""{"id":"a","outcome":"parked"}"""), schema));
        Assert.NotEmpty(shape.Differences(Json("""{"id":1,"outcome":"parked","detail":"d"}"""), schema));
        Assert.NotEmpty(shape.Differences(Json("""{"id":"a","outcome":"parked","detail":null}"""), schema));
        Assert.NotEmpty(shape.Differences(Json("""{"id":"a","outcome":"parked","detail":"d","more":1}"""), schema));
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
