using ClosedLoop.Facts;

namespace ClosedLoop.Hosting;

internal sealed record DefaultWriter(Writer Writer);
