namespace Interphase.Simulation;

/// <summary>The law that gives the current of a class at a potential difference, with slow polarisation and double layers, solved lane by lane.</summary>
internal sealed partial class PorousDomain
{
    /// <summary>Prepares the slow polarisation for a stage of time weight <paramref name="tau"/> (0: it stays).</summary>
    public void PrepareSlow(double tau)
    {
        if (!HasSlow) { return; }
        var w = tau / slowTime;
        for (var l = 0; l < slow.Length; l++)
        {
            slowBase[l] = (tau == 0 ? slow[l] : slowKnown[l]) / (1 + w);
            slowGain[l] = slowShare * SmallSignal[l] * w / (1 + w);
        }
    }

    /// <summary>Double layers that stand at the open-circuit potential of their surfaces.</summary>
    public void RelaxLayers()
    {
        for (var l = 0; l < layer.Length; l++) { layer[l] = OpenCircuit(Particles.Surface[l], out _); }
        layer.CopyTo(layerStart, 0);
    }

    /// <summary>Prepares the double layers for a stage of time weight <paramref name="tau"/>; for 0 so short a time that they stay.</summary>
    public void PrepareLayers(double tau)
    {
        if (!layered) { return; }
        (tau == 0 ? layer : layerKnown).CopyTo(layerFrom, 0);
        for (var l = 0; l < layer.Length; l++) { layerWeight[l] = Capacitance[l] / (tau == 0 ? Moment : tau); }
    }

    /// <summary>Charge on the double layers per geometric area, C/m²; what charges them does not come from the particles.</summary>
    public double LayerCharge()
    {
        var sum = 0.0;
        for (var l = 0; l < layer.Length; l++) { sum += double.IsFinite(SmallSignal[l]) ? Area[l] * Capacitance[l] * layer[l] : 0; }
        return Step * sum;
    }

    /// <summary>The currents of all lanes of a point at Δφ and salt concentration; fills <see cref="Reaction"/> and its derivatives.</summary>
    public void React(int point, double deltaPhi, double ce)
    {
        double logCe = 0, logCeSlope = 0;
        var separates = exchangeSeparates;
        if (exchangeSalt is not null && separates)
        {
            logCe = exchangeSalt.At(Math.Log(ce / restConcentration), out logCeSlope) - logExchangeAtRest;
            logCeSlope /= ce;
        }
        var current = Particles.Current;
        ReadOnlySpan<double> basis = Particles.SurfaceBase, gain = Particles.SurfaceGain;
        double sum = 0, sumSensitivity = 0, sumSalt = 0;
        var end = (point + 1) * Classes;
        for (var l = point * Classes; l < end; l++)
        {
            if (!double.IsFinite(SmallSignal[l]))
            {
                current[l] = 0;
                continue;
            }
            double p = basis[l], q = gain[l], film = Film[l] + slowGain[l], drive = deltaPhi - slowBase[l];
            double weight = 0, series = 0, share = 1;
            if (layered)
            {
                // The layer's v = share (Δφ + weight series v₀ − series j), behind the ohmic film in series with it.
                weight = layerWeight[l];
                series = areal ? 0 : Film[l];
                share = 1 / (1 + (weight * series));
                film += series * (share - 1);
                drive = (share * (deltaPhi + (weight * series * layerFrom[l]))) - slowBase[l];
            }
            double rest = ExchangeCurrent[l], j = current[l], lo = double.NegativeInfinity, hi = double.PositiveInfinity;
            double slope = 0, saltSlope = 0;
            for (var iteration = 0; iteration < 80; iteration++)
            {
                double x = p - (q * j), beyond = 0;
                if (x < Edge || x > 1 - Edge)
                {
                    var edge = x < Edge ? Edge : 1 - Edge;
                    beyond = x - edge;
                    x = edge;
                }
                double z = Math.Log(x / (1 - x)), spread = x * (1 - x);
                var u = potential.At(z, out var dz);
                var du = dz / spread;
                if (beyond != 0)
                {
                    u -= Wall * beyond;
                    du = -Wall;
                }
                var i0 = rest;
                double logSlope = 0, logSalt = logCeSlope;
                if (exchange is not null)
                {
                    if (separates) { i0 = rest * Math.Exp(exchange.At(z, out logSlope) - logExchangeAtRest + logCe); logSlope /= spread; }
                    else { i0 = ExchangeAt(l, x, ce, out logSlope, out logSalt); }
                }
                else if (logCe != 0) { i0 = rest * Math.Exp(logCe); }
                double f = drive - u - (film * j), root = 0;
                slope = (q * du) - film;
                if (double.IsFinite(i0))
                {
                    var s = j / (2 * i0);
                    root = Math.Sqrt(1 + (s * s));
                    var magnitude = Math.Abs(s);
                    var asinh = magnitude < 1e-4 ? s : Math.CopySign(Math.Log(magnitude + root), s);
                    f -= TwoThermal * asinh;
                    slope -= TwoThermal / root * ((1 / (2 * i0)) + (s * q * logSlope));
                    saltSlope = TwoThermal * s / root * logSalt;
                }
                if (f > 0) { lo = j; } else { hi = j; }
                var move = -f / slope;
                if (Math.Abs(f) < NearlySolved && (beyond != 0 || Math.Abs(q * move) < 0.1 * Math.Min(x, 1 - x)))
                {
                    j += move;
                    break;
                }
                var next = j + move;
                if (q > 0 && beyond == 0 && Math.Abs(q * move) > 0.5 * Math.Min(x, 1 - x))
                {
                    // In ln(x/(1−x)) the law is nearly straight where the surface fills or empties.
                    var to = 1 / (1 + Math.Exp(-z - Math.Clamp(move * -q / spread, -3, 3)));
                    next = (p - (to < Edge ? 0.99 * Edge : to > 1 - Edge ? 1 - (0.99 * Edge) : to)) / q;
                }
                else if (!(next > lo && next < hi) && double.IsFinite(i0))
                {
                    // In asinh(j/2i₀) the law is nearly straight where kinetics rule.
                    var scale = 2 * i0;
                    var s = Math.Asinh(j / scale);
                    next = scale * Math.Sinh(s + Math.Clamp(move / (scale * root), -5, 5));
                }
                if (!(next > lo && next < hi))
                {
                    next = double.IsFinite(lo) && double.IsFinite(hi) ? (lo + hi) / 2 : next;
                    if (next <= lo || next >= hi) { break; }
                }
                j = next;
            }
            current[l] = j;
            var response = -1 / slope;
            saltSensitivity[l] = saltSlope * response;
            response *= share;
            sensitivity[l] = response;
            if (layered)
            {
                layer[l] = share * (deltaPhi + (series * ((weight * layerFrom[l]) - j)));
                j += weight * (layer[l] - layerFrom[l]);
            }
            sum += Area[l] * j;
            sumSensitivity += Area[l] * share * (response + weight);
            sumSalt += Area[l] * share * saltSensitivity[l];
        }
        Reaction[point] = sum;
        Conductance[point] = sumSensitivity;
        SaltConductance[point] = sumSalt;
    }

    /// <summary>Moves the currents of a point along their tangents, so that they add up to what the linear system conserved.</summary>
    public void Shift(int point, double deltaPhi, double deltaCe)
    {
        var current = Particles.Current;
        var end = (point + 1) * Classes;
        var sum = 0.0;
        for (var l = point * Classes; l < end; l++)
        {
            var change = (sensitivity[l] * deltaPhi) + (saltSensitivity[l] * deltaCe);
            current[l] += change;
            sum += Area[l] * current[l];
            if (!layered || !double.IsFinite(SmallSignal[l])) { continue; }
            var series = areal ? 0 : Film[l];
            layer[l] += (deltaPhi - (series * change)) / (1 + (layerWeight[l] * series));
            sum += Area[l] * layerWeight[l] * (layer[l] - layerFrom[l]);
        }
        Reaction[point] = sum;
    }

    /// <summary>The slow polarisation that belongs to the currents.</summary>
    public void FollowSlow()
    {
        if (!HasSlow) { return; }
        var j = Particles.Current;
        for (var l = 0; l < slow.Length; l++) { slow[l] = slowBase[l] + (slowGain[l] * j[l]); }
    }
}
