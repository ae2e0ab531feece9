namespace ClosedLoop.AspNetCore.Api;

internal sealed record FacetBody(string Name, int Items);
