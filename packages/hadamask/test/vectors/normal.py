# Writes normal.json: python3 normal.py > normal.json
import json, mpmath
from mpmath import mp, mpf, erfc, sqrt, exp, pi, nstr
mp.dps=40
zs=[-37,-20,-10,-6,-4,-3,-2.6,-2.5,-2.4,-2,-1.5,-1,-0.5,-0.1,-1e-8,0,1e-3,0.25,0.7,1,1.25,2,2.4999,2.5001,3,5,8]
cdf=[[z, float(nstr(erfc(-mpf(z)/sqrt(2))/2,20))] for z in zs]
def relu(m,v):
    m=mpf(m);v=mpf(v);s=sqrt(v)
    P=erfc(-m/s/sqrt(2))/2; d=exp(-m*m/v/2)/sqrt(2*pi)
    a=m*P+s*d; b=(m*m+v)*P+m*s*d
    return [float(m),float(v),float(nstr(a,20)),float(nstr(b-a*a,20))]
cases=[relu(m,v) for m,v in [(0,1),(2.4,1.92),(0,.48),(-1.35,.975),(-5,1),(5,1),(1,1e-4)]]
out={"source":"standard normal distribution function erfc(-z / sqrt 2) / 2, and mean and variance of max(0, u), u normal, at 40 digits",
"version":"mpmath "+mpmath.__version__,"command":"python3 normal.py (beside this file)",
"cdf":cdf,"rectified":cases}
s=json.dumps(out,indent=1)
import re
s=re.sub(r'\[\s+(-?[\d.e+-]+),\s+(-?[\d.e+-]+)\s+\]',r'[\1, \2]',s)
s=re.sub(r'\[\s+(-?[\d.e+-]+),\s+(-?[\d.e+-]+),\s+(-?[\d.e+-]+),\s+(-?[\d.e+-]+)\s+\]',r'[\1, \2, \3, \4]',s)
print(s)
