using System.Net;
using ClosedLoop.Testing.Sandbox.World;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClosedLoop.Testing.Tests.Sandbox;

/// <summary>The world's systems, reached without a network: a request is answered on the caller's own thread.</summary>
internal sealed class WorldHttp(DeliveryWorld world) : HttpMessageHandler
{
    /// <summary>While false, no system can be reached.</summary>
    public bool IsReachable { get; set; } = true;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!IsReachable) throw new HttpRequestException("The network is gone.");
        var addresses = world.State.Addresses;
        Uri[] systems = [addresses.GitHub, addresses.Jenkins, addresses.Registry, addresses.Cluster, addresses.ArgoCD, addresses.Services, addresses.Prometheus];
        var context = new DefaultHttpContext();
        context.Request.Method = request.Method.Method;
        context.Request.Path = new PathString(Uri.UnescapeDataString(request.RequestUri!.AbsolutePath));
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = request.RequestUri.PathAndQuery;
        context.Request.QueryString = new QueryString(request.RequestUri.Query);
        foreach (var (name, values) in request.Headers) context.Request.Headers[name] = values.ToArray();
        if (request.Content is { } content)
        {
            foreach (var (name, values) in content.Headers) context.Request.Headers[name] = values.ToArray();
            context.Request.Body = new MemoryStream(await content.ReadAsByteArrayAsync(cancellationToken));
        }
        using var body = new MemoryStream();
        context.Response.Body = body;
        await world.Apis[Array.FindIndex(systems, s => s.Authority == request.RequestUri.Authority)].HandleAsync(context);
        var response = new HttpResponseMessage((HttpStatusCode)context.Response.StatusCode) { RequestMessage = request, Content = new ByteArrayContent(body.ToArray()) };
        foreach (var (name, values) in context.Response.Headers)
            if (!response.Headers.TryAddWithoutValidation(name, values.ToArray()))
                response.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        return response;
    }
}
